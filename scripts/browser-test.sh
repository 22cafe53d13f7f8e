#!/usr/bin/env bash
# The phone page, the console and the API document in headless Chromium, against a demo of its own. Expects a build: release, or
# the preset that is named.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$PWD/build/${1:-release}

folder=$(mktemp -d)
demo=
end() {
  if [ -n "$demo" ]; then kill "$demo" 2>/dev/null && wait "$demo" || true; fi
  rm -rf "$folder"
}
trap end EXIT
cp config/demo.yaml config/card-facts.yaml "$folder"

# The demo takes two ports in a row. From below the range that the kernel gives to outgoing connections: one
# that ended a minute ago would still hold its port.
start_demo() {
  port=$((20000 + 2 * (RANDOM % 5000)))
  "$build/bin/parley" demo --config "$folder/demo.yaml" --port "$port" >"$folder/log" 2>&1 &
  demo=$!
  curl --silent --fail --max-time 60 --retry 100 --retry-connrefused --retry-delay 1 --retry-max-time 30 \
    "http://127.0.0.1:$((port + 1))/" >/dev/null && kill -0 "$demo" 2>/dev/null
}
start_demo || { cat "$folder/log"; start_demo; } || { cat "$folder/log"; exit 1; }

cd tests/browser
npm ci --loglevel=error --no-fund --no-audit
PARLEY_SIM_URL="http://127.0.0.1:$((port + 1))" PARLEY_SIM_TOKEN=demo-access-token PARLEY_ENGINE_URL="http://127.0.0.1:$port" \
  PARLEY_BUILD="$build" PARLEY_CONSOLE_DIST="$build/engine/admin/console/dist" npm test
