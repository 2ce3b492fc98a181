#!/usr/bin/env bash
# Restores the build tool and runs a target of build.cake: ./build.sh [target] [--option=value …]
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
target=${1:-build}
shift || true

rm -f artifacts/totals.txt
dotnet tool restore --verbosity quiet
status=0
dotnet cake --target="$target" --verbosity=minimal "$@" || status=$?

# The totals of a test run are the last thing it says.
[ ! -f artifacts/totals.txt ] || cat artifacts/totals.txt
exit $status
