#!/usr/bin/env bash
# Turns the inputs of the action into the words of feedgate, and decides nothing.
set -euo pipefail

if [ -n "$INPUT_REPORT" ]; then
  exec "$FEEDGATE" comment --key "$INPUT_KEY" --from "$INPUT_REPORT"
fi

reports=$(mktemp -d "${RUNNER_TEMP:?}/feedgate.XXXXXX")
words=(lint --fetch-base --summary --github-outputs --fail-on "$INPUT_FAIL_ON" --key "$INPUT_KEY"
  --format json --output "$reports/report.json" --format markdown --output "$reports/report.md")

said() { [ -z "$2" ] || words+=("$1" "$2"); }
asked() {
  case $2 in
    true) words+=("${@:3}") ;;
    false) ;;
    *)
      printf '::error title=feedgate::the input %s is true or false\n' "$1"
      exit 2
      ;;
  esac
}

said --config-from "$INPUT_CONFIG"
said --base "$INPUT_BASE"
said --env "$INPUT_ENV"
asked new-only "$INPUT_NEW_ONLY" --new-only
asked comment "$INPUT_COMMENT" --comment
asked suggest "$INPUT_SUGGEST" --suggest
asked sarif "$INPUT_SARIF" --format sarif --output "$reports/feedgate.sarif"
# A check run has annotations of its own, and they become workflow commands where it is not allowed.
asked check "$INPUT_CHECK" --check
[ "$INPUT_CHECK" = true ] || words+=(--format github)

words+=(--)
while IFS= read -r path; do
  [ -z "$path" ] || words+=("$path")
done <<<"$INPUT_PATHS"

exec "$FEEDGATE" "${words[@]}"
