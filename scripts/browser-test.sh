#!/usr/bin/env bash
# The phone page in headless Chromium, against a demo of its own. Expects a release build.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
cp config/demo.yaml config/card-facts.yaml "$folder"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
build/release/bin/parley demo --config "$folder/demo.yaml" --port "$port" >"$folder/log" 2>&1 &
demo=$!
end() {
  kill "$demo" 2>/dev/null && wait "$demo" || true
  rm -rf "$folder"
}
trap end EXIT

curl --silent --fail --retry 50 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$((port + 1))/" >/dev/null || {
  cat "$folder/log"
  exit 1
}
cd tests/browser
npm ci --silent --no-fund --no-audit
PARLEY_SIM_URL="http://127.0.0.1:$((port + 1))" PARLEY_SIM_TOKEN=demo-access-token npm test
