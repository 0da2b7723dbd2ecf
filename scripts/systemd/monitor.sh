#!/bin/sh
# The monitor's command line beside its service, as root: with the service's user and settings, and without .env.
#   sh /opt/sentinel/current/scripts/systemd/monitor.sh status
set -eu
ROOT=/opt/sentinel SHARED=/opt/sentinel/shared
exec systemd-run --quiet --pipe --wait --collect -p User=sentinel -p Group=sentinel \
  -p WorkingDirectory="$SHARED" -p EnvironmentFile="$ROOT/env/monitor.env" \
  -p BindReadOnlyPaths="$ROOT/env/none:$SHARED/.env" \
  "$ROOT/bin/node" "$ROOT/current/.release/apps/monitor/dist/index.js" "$@"
