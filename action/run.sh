#!/usr/bin/env bash
# What action.yml does: write the SARIF file and the job summary, then check, which annotates and decides the result.
set -euo pipefail

read -ra paths <<< "${WATERTIGHT_PATHS:-.}"
read -ra arguments <<< "${WATERTIGHT_ARGUMENTS:-}"
sarif="${WATERTIGHT_SARIF:-watertight.sarif}"
summary="$(mktemp -d)/summary.md"

# The version that the project has chosen; nothing is downloaded here.
npx --no-install watertight report "${arguments[@]}" -o "$sarif" -o "$summary" -- "${paths[@]}"
cat "$summary" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
rm -r "$(dirname "$summary")"
echo "sarif-file=$(pwd)/$sarif" >> "${GITHUB_OUTPUT:-/dev/null}"

status=0
npx --no-install watertight check "${arguments[@]}" -- "${paths[@]}" || status=$?
# 1 means findings; 2 and 3 mean that the check itself went wrong.
if [ "$status" -eq 1 ] && [ "${WATERTIGHT_FAILS:-true}" = false ]; then status=0; fi
exit "$status"
