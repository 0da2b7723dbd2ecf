#!/bin/sh
# The far side of a deployment: runs on the server, sent over ssh by deploy_to_contabo.sh and .bat.
#   ssh HOST 'sh -s -- COMMAND [name=value ...]' <far-side.sh
# Commands: check  deploy  rollback  status  logs  uninstall
# Everything is a function and `main` is the last line: a script cut off on its way does nothing.
set -eu

ROOT=/opt/sentinel
SHARED=$ROOT/shared
USER_NAME=sentinel
UNITS='sentinel-bot.service sentinel-monitor.service sentinel-api.service sentinel-restart.path'
KEEP_RELEASES=3

UTF_16='(is it binary, or saved as UTF-16?): save it as UTF-8'

EXIT_USAGE=2 EXIT_CHECK=4 EXIT_TRANSFER=5 EXIT_ROLLED_BACK=6 EXIT_BROKEN=7 EXIT_BUSY=8

# A reader that has gone away (connection cut) must not end the work half-way.
say() { printf '%s\n' "$*" 2>/dev/null || :; }
step() { say "[$(date -u +%H:%M:%S)] $*"; }
fail() { code=$1; shift; say "error: $*"; exit "$code"; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

current_id() { basename "$(readlink "$ROOT/current" 2>/dev/null)" 2>/dev/null || :; }
deployed() { if [ -n "$(current_id)" ]; then printf 'release %s, mode %s' "$(current_id)" "$(current_mode)"; else printf 'no release'; fi; }
needs_release() { [ -n "$(current_id)" ] || fail $EXIT_CHECK 'Sentinel is not deployed here'; }
current_mode() { cat "$ROOT/mode" 2>/dev/null || :; }

# What the server's .env says of a setting, as the programs, systemd and compose read it: the last line counts, quotes
# and blanks around the value, a comment behind it, the line ends of Windows and a byte-order mark are no part of it.
setting() {
  value=$(LC_ALL=C sed '1s/^\xEF\xBB\xBF//' "$SHARED/.env" | LC_ALL=C sed -n "s/^[[:blank:]]*\(export[[:blank:]][[:blank:]]*\)\{0,1\}$1[[:blank:]]*=[[:blank:]]*//p" |
    tr -d '\r' | tail -n 1 |
    sed -e 's/^"\([^"]*\)".*/\1/; t' -e "s/^'\([^']*\)'.*/\1/; t" -e 's/[[:blank:]]*#.*//; s/[[:blank:]]*$//')
  printf '%s' "${value:-$2}"
}

# Nothing would be found in a file of UTF-16, here or by compose, and everything would come up without its settings.
is_text() { [ "$(tr -d '\000' <"$1" | wc -c)" -eq "$(wc -c <"$1")" ]; }

compose() {
  id=$1; shift
  SENTINEL_RELEASE=$id SENTINEL_LOGS=$SHARED/logs SENTINEL_DATA=$SHARED/data \
    SENTINEL_UID=$(id -u "$USER_NAME") SENTINEL_GID=$(id -g "$USER_NAME") \
    SENTINEL_APPS=$(apps_of "$id") COMPOSE_FILE=docker/compose.yaml \
    docker compose --env-file "$SHARED/.env" -f "$ROOT/releases/$id/docker/compose.yaml" "$@"
}

apps_of() { if [ -d "$ROOT/releases/$1/.release/apps" ]; then echo prebuilt; else echo workspace; fi; }

# Root runs what is in a release, so nobody else may write there. The archive does not say so: tar on Windows, and WSL on
# a disk of Windows, record 0777 for everything.
protect() {
  chown -R root:root "$ROOT/releases/$1"
  chmod -R u=rwX,go=rX "$ROOT/releases/$1"
  for folder in "$ROOT" "$ROOT/releases" "$SHARED"; do
    [ ! -d "$folder" ] || { chown root:root "$folder"; chmod u=rwx,go=rx "$folder"; }
  done
}

# Whether each service of a release has settings and files of its own. Those of before read .env and keep all in logs.
separates() { [ -f "$ROOT/releases/$1/scripts/systemd/settings.mjs" ]; }

# Who may read and write what, as this release expects it. Nothing runs meanwhile.
fit_to() {
  if separates "$1"; then
    chown root:root "$SHARED/.env" && chmod 0600 "$SHARED/.env"
    install -d -m 0700 "$SHARED/data"
    chown -R "$USER_NAME:$USER_NAME" "$SHARED/data"
    [ "$2" = docker ] || "$ROOT/bin/node" "$ROOT/releases/$1/scripts/systemd/settings.mjs" "$SHARED/.env" "$ROOT/env"
    return
  fi
  chgrp "$USER_NAME" "$SHARED/.env" && chmod 0640 "$SHARED/.env"
  # An older bot has to find what was executed already: without it, it would trade again.
  [ -f "$SHARED/data/bot.db" ] || return 0
  for file in "$SHARED"/data/*; do
    rm -rf "$SHARED/logs/${file##*/}"
    mv "$file" "$SHARED/logs/"
  done
}

prepare() {
  id=$1 mode=$2
  ln -sfn ../../shared/.env "$ROOT/releases/$id/.env"
  sh "$ROOT/releases/$id/scripts/prepare-release.sh" "$mode" "$ROOT" "$(apps_of "$id")"
  [ "$mode" != docker ] || compose "$id" build
}

stop_all() {
  # Both ways are stopped, whichever is used next: never two bots.
  if [ -e /etc/systemd/system/sentinel-bot.service ]; then
    # shellcheck disable=SC2086
    systemctl disable --now $UNITS || :
  fi
  if [ "$(current_mode)" = docker ] && [ -n "$(current_id)" ]; then
    compose "$(current_id)" down --timeout 30 --remove-orphans
  fi
}

switch_to() {
  ln -sfn "releases/$1" "$ROOT/current.next"
  mv -T "$ROOT/current.next" "$ROOT/current"
  printf '%s\n' "$2" >"$ROOT/mode"
}

start_all() {
  if [ "$2" = docker ]; then
    compose "$1" up -d
  else
    for unit in "$ROOT/releases/$1"/scripts/systemd/sentinel-*; do
      install -m 0644 "$unit" /etc/systemd/system/
    done
    # A journal of their own, so that its limits are theirs and nobody else's.
    install -m 0644 "$ROOT/releases/$1/scripts/systemd/journald@sentinel.conf" /etc/systemd/
    systemctl daemon-reload
    # shellcheck disable=SC2086
    systemctl enable $UNITS
    # Not waited for: whether it beats is what counts, and that is looked at next.
    # shellcheck disable=SC2086
    systemctl start --no-block $UNITS
  fi
}

check_health() {
  set -- --check --max-age "$(setting SENTINEL_MAX_AGE_MINUTES 5)"
  if [ "$(current_mode)" = docker ]; then
    docker exec heartbeat-monitor node monitor/dist/index.js "$@"
  elif separates "$(current_id)"; then
    sh "$ROOT/current/scripts/systemd/monitor.sh" "$@" </dev/null
  else
    (cd "$SHARED" && setpriv --reuid="$USER_NAME" --regid="$USER_NAME" --init-groups \
      "$ROOT/bin/node" "$ROOT/current/.release/apps/monitor/dist/index.js" "$@")
  fi
}

# The page is part of a deployment, too. systemd calls the API active when it has answered itself.
api_answers() {
  if [ "$(current_mode)" = docker ]; then
    docker exec heartbeat-api node -e 'fetch("http://127.0.0.1:" + process.env.PORT + "/livez").then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))'
  else
    systemctl is-active --quiet sentinel-api
  fi
}

# One ❌ is no reason to start anew what is in place: a sign-in that was refused is tried again within moments.
healthy_soon() {
  looks=1
  until check_health; do
    [ "$looks" -lt 10 ] || return 1
    looks=$((looks + 1))
    sleep 1
  done
}

# A beat of before the switch proves nothing, and neither does a single one: two that are newer, and an API that answers.
wait_until_healthy() {
  file=$SHARED/logs/heartbeat_status.txt
  deadline=$(($(date +%s) + ${HEALTHY_WITHIN:-180}))
  first=
  while [ "$(date +%s)" -lt "$deadline" ]; do
    if [ -n "$(find "$file" -newer "$ROOT/.switched" 2>/dev/null)" ] && verdict=$(check_health 2>&1); then
      stamp=$(stat -c %.Y "$file")
      if [ -n "$first" ] && [ "$stamp" != "$first" ] && api_answers >/dev/null 2>&1; then
        step "Healthy: $(printf '%s' "$verdict" | head -n 1)"
        return 0
      fi
      first=${first:-$stamp}
    fi
    sleep 1
  done
  return 1
}

activate() {
  # Also what an earlier version of this script unpacked.
  protect "$1"
  stop_all
  fit_to "$1" "$2"
  switch_to "$1" "$2"
  touch "$ROOT/.switched"
  start_all "$1" "$2"
  wait_until_healthy
}

tidy() {
  keep=" $(current_id) $(cat "$ROOT/previous" 2>/dev/null || :) "
  # shellcheck disable=SC2012
  ls -1t "$ROOT/releases" | tail -n "+$((KEEP_RELEASES + 1))" | while read -r old; do
    case $keep in *" $old "*) continue ;; esac
    drop_release "$old"
  done
}

drop_release() {
  rm -rf "${ROOT:?}/releases/$1"
  ! command -v docker >/dev/null 2>&1 || docker image rm "sentinel-bot:$1" "sentinel-monitor:$1" \
    "sentinel-api:$1" "sentinel-proxy:$1" >/dev/null 2>&1 || :
}

# What takes long speaks to a log: a reader that has gone away must not end it.
quietly() { "$@" >>"$ROOT/deploy.log" 2>&1; }

# Runs the work in a shell of its own that ends at the first failure, and tells by $result how it went. A line by
# itself, and never a condition: inside of one, `set -e` holds for nobody, not even for a shell that sets it there.
try() {
  set +e
  (set -e; "$@")
  result=$?
  set -e
}

alone() {
  mkdir -p "$ROOT/releases"
  exec 9>"$ROOT/.lock"
  flock -n 9 || fail $EXIT_BUSY 'another deployment is running on this server; wait for its end'
  # The log holds the last deployments, and not those of years.
  if [ -f "$ROOT/deploy.log" ]; then
    tail -n 5000 "$ROOT/deploy.log" >"$ROOT/deploy.log.next" && mv "$ROOT/deploy.log.next" "$ROOT/deploy.log"
  fi
}

unpack() { tar -xzf "$1" -C "$ROOT/releases/$2" --no-same-owner --no-same-permissions && protect "$2"; }

# --- commands -------------------------------------------------------------------------------------

cmd_check() {
  # shellcheck source=/dev/null
  . /etc/os-release
  case " ${ID:-} ${ID_LIKE:-} " in
    *' debian '* | *' ubuntu '*) ;;
    *) fail $EXIT_CHECK "the server runs ${PRETTY_NAME:-something unknown}: Debian or Ubuntu is expected" ;;
  esac
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null ||
    fail $EXIT_CHECK "$(id -un) may not become root: log in as root, or allow sudo without a password"
  [ -d /run/systemd/system ] || fail $EXIT_CHECK 'the server does not run systemd'
  folder=/opt
  [ ! -d "$ROOT" ] || folder=$ROOT
  free=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1024) }')
  need=700
  [ "$mode" != docker ] || need=1500
  [ "$free" -ge "$need" ] ||
    fail $EXIT_CHECK "$folder has $free MB free and $need MB are needed: delete what is not needed, or order a larger disk"
  if ! as_root test -f "$SHARED/.env" && [ "$env" = no ]; then
    fail $EXIT_CHECK 'the server has no .env yet: name one with --env-file (see .env.example)'
  fi
  say "server: ${PRETTY_NAME:-?}, $free MB free, $(deployed)"
}

cmd_deploy() {
  alone
  archive=$home/sentinel-$id.tar.gz
  if [ "$(current_id)" = "$id" ] && [ "$(current_mode)" = "$mode" ] &&
    [ -z "$(find "$SHARED/.env" -newer "$ROOT/.switched")" ] && quietly healthy_soon; then
    step "Release $id is in place and healthy: nothing to do"
    rm -f "$archive" "$home/sentinel.env"
    return
  fi
  if [ ! -f "$ROOT/releases/$id/.whole" ]; then
    [ -f "$archive" ] || fail $EXIT_TRANSFER "$archive has not arrived"
    printf '%s  %s\n' "$sha256" "$archive" | sha256sum -c --quiet >/dev/null 2>&1 ||
      fail $EXIT_TRANSFER 'the release did not arrive whole: its checksum differs. Run the command again'
    step "Unpacking release $id"
    rm -rf "${ROOT:?}/releases/$id"
    mkdir -p "$ROOT/releases/$id"
    quietly unpack "$archive" "$id" ||
      { rm -rf "${ROOT:?}/releases/$id"; fail $EXIT_TRANSFER "the release cannot be unpacked: see $ROOT/deploy.log"; }
    touch "$ROOT/releases/$id/.whole"
  fi
  rm -f "$archive"
  mkdir -p "$SHARED"
  id -u "$USER_NAME" >/dev/null 2>&1 ||
    useradd --system --user-group --home-dir "$SHARED" --no-create-home --shell /usr/sbin/nologin "$USER_NAME"
  if [ ! -f "$SHARED/.env" ]; then
    [ -f "$home/sentinel.env" ] || fail $EXIT_TRANSFER 'the .env has not arrived'
    is_text "$home/sentinel.env" || { rm -f "$home/sentinel.env"; fail $EXIT_CHECK "the .env that was sent is no UTF-8 text $UTF_16"; }
    install -m 0600 "$home/sentinel.env" "$SHARED/.env"
  elif [ -f "$home/sentinel.env" ]; then
    step "The server has an .env, which is kept as it is: $SHARED/.env"
  fi
  rm -f "$home/sentinel.env"
  is_text "$SHARED/.env" || fail $EXIT_CHECK "$SHARED/.env is no UTF-8 text $UTF_16"
  # Also of logs that came from another server.
  install -d -m 0750 "$SHARED/logs"
  chown -R "$USER_NAME:$USER_NAME" "$SHARED/logs"

  old=$(current_id) old_mode=$(current_mode)
  step "Preparing ($mode)"
  try quietly prepare "$id" "$mode"
  [ "$result" = 0 ] || fail $EXIT_CHECK "release $id cannot be prepared, what ran before still runs: see $ROOT/deploy.log"
  step "Switching to $id"
  try quietly activate "$id" "$mode"
  if [ "$result" = 0 ]; then
    [ "$old" = "$id" ] || printf '%s\n' "$old" >"$ROOT/previous"
    printf '%s\n' "$old_mode" >"$ROOT/previous-mode"
    tidy
    step "Release $id runs"
    return
  fi
  step "Release $id did not become healthy"
  if [ -z "$old" ] || [ "$old" = "$id" ]; then
    quietly stop_all || :
    fail $EXIT_BROKEN "there is no earlier release to go back to, everything is stopped: see $ROOT/deploy.log and --logs"
  fi
  step "Going back to $old"
  # However short the new one's time was: the old one gets what it needs.
  [ "${HEALTHY_WITHIN:-180}" -ge 180 ] || HEALTHY_WITHIN=180
  try quietly activate "$old" "$old_mode"
  [ "$result" = 0 ] ||
    fail $EXIT_BROKEN "the earlier release $old does not become healthy either: look at --logs at once"
  fail $EXIT_ROLLED_BACK "release $id did not become healthy; $old runs again"
}

cmd_rollback() {
  needs_release
  alone
  to=$(cat "$ROOT/previous" 2>/dev/null || :) from=$(current_id) from_mode=$(current_mode)
  to_mode=$(cat "$ROOT/previous-mode" 2>/dev/null || :)
  [ -d "$ROOT/releases/${to:-none}" ] || fail $EXIT_CHECK 'there is no earlier release to go back to'
  step "Going back from $from to $to"
  try quietly activate "$to" "${to_mode:-$from_mode}"
  [ "$result" = 0 ] || fail $EXIT_BROKEN "release $to does not become healthy: see --logs"
  printf '%s\n' "$from" >"$ROOT/previous"
  printf '%s\n' "$from_mode" >"$ROOT/previous-mode"
  step "Release $to runs"
}

cmd_status() {
  needs_release
  say "$(deployed), before it $(cat "$ROOT/previous" 2>/dev/null || echo none)"
  if [ "$(current_mode)" = docker ]; then
    docker ps --format '{{.Names}}: {{.Status}}'
  else
    for unit in $UNITS; do say "$unit: $(systemctl is-active "$unit" || :)"; done
  fi
  check_health
}

cmd_logs() {
  # A first deployment that failed before anything ran has a log all the same.
  [ -f "$ROOT/deploy.log" ] || needs_release
  tail -n 40 "$ROOT/deploy.log" 2>/dev/null || :
  [ -n "$(current_id)" ] || return 0
  if [ "$(current_mode)" = docker ]; then
    compose "$(current_id)" logs --tail 100
  else
    # What the units wrote stands in their own journal, what systemd did with them in the machine's.
    journalctl --namespace=+sentinel --no-pager -n 100 -u 'sentinel-*'
  fi
}

cmd_uninstall() {
  [ -d "$ROOT" ] || { step 'Sentinel is not deployed here: nothing to do'; return; }
  alone
  step 'Stopping everything'
  quietly stop_all
  for unit in $UNITS sentinel-restart.service; do rm -f "/etc/systemd/system/$unit"; done
  systemctl daemon-reload
  for folder in "$ROOT"/releases/*; do drop_release "$(basename "$folder")"; done
  for name in releases current previous previous-mode mode bin node env .switched; do rm -rf "${ROOT:?}/$name"; done
  if [ "$data" = delete ]; then
    systemctl stop systemd-journald@sentinel.service 2>/dev/null || :
    rm -rf /etc/systemd/journald@sentinel.conf /var/log/journal/*.sentinel "${ROOT:?}"
    userdel "$USER_NAME" 2>/dev/null || :
    step 'Sentinel is gone, and its data with it'
  elif [ -d "$SHARED" ]; then
    step "Sentinel is gone; its data is kept in $SHARED"
  else
    step 'Sentinel is gone. It had no data'
  fi
}

main() {
  trap '' HUP PIPE
  # What root makes here is written by root alone, whatever the login's own umask is.
  umask 022
  command=${1:-}
  [ $# -eq 0 ] || shift
  mode='' id='' sha256='' env=no data=keep home=$HOME
  for pair in "$@"; do
    case $pair in
      mode=docker | mode=systemd) mode=${pair#*=} ;;
      id=* | sha256=*)
        case ${pair#*=} in *[!0-9a-f]* | '') fail $EXIT_USAGE "not a checksum: $pair" ;; esac
        if [ "${pair%%=*}" = id ]; then id=${pair#*=}; else sha256=${pair#*=}; fi ;;
      env=yes | env=no) env=${pair#*=} ;;
      data=keep | data=delete) data=${pair#*=} ;;
      home=/*) home=${pair#*=} ;;
      within=*)
        HEALTHY_WITHIN=${pair#*=}
        # In decimal: this shell takes 080 for octal.
        while :; do case $HEALTHY_WITHIN in 0?*) HEALTHY_WITHIN=${HEALTHY_WITHIN#0} ;; *) break ;; esac; done
        case $HEALTHY_WITHIN in 0 | '' | *[!0-9]* | ??????*) fail $EXIT_USAGE "not a number of seconds: $pair" ;; esac ;;
      *) fail $EXIT_USAGE "not understood: $pair" ;;
    esac
  done
  case $command in
    check | deploy | rollback | status | logs | uninstall) "cmd_$command" ;;
    *) fail $EXIT_USAGE "not a command: $command" ;;
  esac
}

main "$@"
