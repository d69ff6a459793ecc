#!/usr/bin/env bash
# Puts the path of the binary into the output `binary`: from the tool cache; from a release, whose archive must have the
# checksum that is committed here; or built from the source of the action.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=${INPUT_VERSION:-$(cat "$here/VERSION")}
releases=${FEEDGATE_RELEASES:-https://github.com/feedgate/feedgate/releases/download}

fail() {
  printf '::error title=feedgate::%s\n' "$1"
  exit 1
}

case $version in *[!0-9A-Za-z.-]*) fail 'the input version is no version' ;; esac

case $(uname -s)-$(uname -m) in
  Linux-x86_64) target=x86_64-unknown-linux-gnu ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-gnu ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
  MINGW*-aarch64 | MSYS*-aarch64 | MINGW*-arm64 | MSYS*-arm64) target=aarch64-pc-windows-msvc ;;
  *) target=unknown ;;
esac
case $target in *windows*) binary=feedgate.exe ;; *) binary=feedgate ;; esac

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

archive=feedgate-$version-$target.tar.gz
known=$(awk -v name="$archive" '$2 == name { print $1 }' "$here/checksums.txt")

from=$INPUT_INSTALL_FROM
case $from in
  auto) if [ -n "$known" ]; then from=release; else from=source; fi ;;
  release) [ -n "$known" ] || fail "no checksum is known of $archive: use a release of this action, or install-from: source" ;;
  source) ;;
  *) fail 'the input install-from is auto, release or source' ;;
esac
if [ "$from" = source ] && [ "$version" != "$(cat "$here/VERSION")" ]; then
  fail "this action's source is of version $(cat "$here/VERSION"), and no checksum is known of $version for this machine"
fi

if [ "$from" = release ]; then
  key=$version-${known:0:16}
else
  cd "$here/.."
  key=$version-source-$(find Cargo.toml Cargo.lock build.rs src rules examples/workflows ./*.schema.json -type f | LC_ALL=C sort | xargs cat | sha256 | cut -c 1-16)
fi
tool=${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:?}}/feedgate/$key/$target

if [ ! -x "$tool/$binary" ]; then
  mkdir -p "$tool"
  work=$(mktemp -d "${RUNNER_TEMP:?}/feedgate-install.XXXXXX")
  if [ "$from" = release ]; then
    curl --fail --silent --show-error --location --retry 3 --output "$work/$archive" "$releases/v$version/$archive" ||
      fail "$archive could not be got"
    [ "$(sha256 <"$work/$archive")" = "$known" ] || fail "$archive is not what its checksum says: it was not used"
    # From within the folder: some tars take what stands before a colon for another machine.
    (cd "$work" && tar -xzf "$archive" "$binary")
    built=$work/$binary
  else
    command -v cargo >/dev/null || fail 'there is no release for this machine, and no cargo to build the source with'
    CARGO_TARGET_DIR=$RUNNER_TEMP/feedgate-target cargo install --quiet --locked --no-track --path . --root "$work"
    built=$work/bin/$binary
  fi
  # Renamed into place, so that a job beside this one never sees half of it.
  mv "$built" "$tool/.$binary.$$"
  mv -f "$tool/.$binary.$$" "$tool/$binary"
fi

"$tool/$binary" --version
printf 'binary=%s\n' "$tool/$binary" >>"$GITHUB_OUTPUT"
printf '%s\n' "$tool" >>"$GITHUB_PATH"
