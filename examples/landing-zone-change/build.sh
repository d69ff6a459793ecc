#!/bin/sh
# Builds a git repository in FOLDER: the landing zone on `main`, and a pull request against it on `leaner-feeds`,
# which is checked out. Needs git, and nothing else.
set -eu

if [ $# -ne 1 ]; then
  echo "usage: $0 FOLDER" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
if [ -n "$(ls -A)" ]; then
  echo "$1 is not empty" >&2
  exit 2
fi

# Whoever builds it, whenever and under whatever settings: it is the same two commits.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.com GIT_AUTHOR_DATE=2026-08-21T09:00:00Z
export GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.com GIT_COMMITTER_DATE=2026-08-21T09:00:00Z
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

# Usage: rewrite FILE SED-SCRIPT
rewrite() {
  sed "$2" "$1" > "$1.changed"
  mv "$1.changed" "$1"
}

git init --quiet .
git symbolic-ref HEAD refs/heads/main
cp -R "$here/../landing-zone/." .
git add --all
git commit --quiet --message "The landing zone"

git checkout --quiet -b leaner-feeds
git apply --index "$here/change.patch"
rewrite samples/reference_data_20260803_01.json 's/,"sector":"[A-Z]*"//'
rewrite samples/trades_20260803_0001.json \
  's/,"desk":"[^"]*"//; s/,"SIZE"//; s/"SIZE",//; s/"SIZE"//; s/"trade_id":"T[0-9]*-\([0-9]*\)"/&,"order_id":"O\1"/'
git add --all
git commit --quiet --message "Leaner feeds: fewer fields, shorter history, calendars under a better name"
