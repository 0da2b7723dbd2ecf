#!/bin/sh
# Deploys Sentinel to a server over ssh. What is done there stands in far-side.sh, shared with the .bat.
set -eu

usage() {
  cat <<'TEXT'
usage: deploy_to_contabo.sh [options]

Without a host, at a terminal, it asks for what is not given.

  --host HOST       the server                        (SENTINEL_HOST)
  --port PORT       its ssh port, 22                  (SENTINEL_SSH_PORT)
  --user USER       log in as, root                   (SENTINEL_SSH_USER)
  --key FILE        private key, ssh's own choice     (SENTINEL_SSH_KEY)
  --mode MODE       docker or systemd, docker         (SENTINEL_MODE)
  --env-file FILE   settings for the server's first   (SENTINEL_ENV_FILE)
                    deployment; never overwrites what is there
  --release FILE    an archive made by `pnpm release`, instead of packing these sources (what git tracks of them)
  --within SECONDS  how long a release may take to become healthy, 180

  --dry-run         check everything, change nothing
  --status          release, services, health; exits as `--check` does (4: Sentinel is not deployed there)
  --logs            the last lines; exits with 1 if they cannot be read
  --rollback        back to the release before
  --uninstall       take it off the server, keep its data; 0 also if it is not deployed there
  --delete-data     with --uninstall: its data too

exit codes: 0 done, 2 usage, 3 something is missing here, 4 the server is not fit, 5 upload failed,
6 release unhealthy and rolled back, 7 unhealthy and not rolled back, 8 another deployment runs,
255 no connection
TEXT
}

die() { code=$1; shift; printf 'error: %s\n' "$*" >&2; exit "$code"; }
say() { printf '%s\n' "$*"; }

here=$(cd "$(dirname "$0")" && pwd)
host=${SENTINEL_HOST:-} port=${SENTINEL_SSH_PORT:-} user=${SENTINEL_SSH_USER:-}
key=${SENTINEL_SSH_KEY:-} mode=${SENTINEL_MODE:-} env_file=${SENTINEL_ENV_FILE:-}
release='' action=deploy data=keep within=180

while [ $# -gt 0 ]; do
  case $1 in
    --host | --port | --user | --key | --mode | --env-file | --release | --within)
      [ $# -ge 2 ] || die 2 "$1 needs a value"
      case $1 in
        --host) host=$2 ;; --port) port=$2 ;; --user) user=$2 ;; --key) key=$2 ;; --mode) mode=$2 ;;
        --env-file) env_file=$2 ;; --release) release=$2 ;; --within) within=$2 ;;
      esac
      shift 2 ;;
    --dry-run | --status | --logs | --rollback | --uninstall)
      # The last one would win: `--dry-run --uninstall` would uninstall.
      case $action in deploy | "${1#--}") ;; *) die 2 "--$action and $1 are two things: give one of them" ;; esac
      action=${1#--}; shift ;;
    --delete-data) data=delete; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; die 2 "not understood: $1" ;;
  esac
done

# Prints the answer, or what was given before.
ask() {
  if [ -n "$2" ]; then printf '%s' "$2"; return; fi
  printf '%s: ' "$1" >&2
  read -r answer || answer=
  printf '%s' "$answer"
}
if [ -z "$host" ] && [ -t 0 ]; then
  host=$(ask 'Server' '')
  port=$(ask 'Port of its ssh (22)' "$port")
  user=$(ask 'Log in as (root)' "$user")
  key=$(ask "Private key (ssh's own choice)" "$key")
  if [ "$action" = deploy ] || [ "$action" = dry-run ]; then
    mode=$(ask 'Mode, docker or systemd (docker)' "$mode")
    env_file=$(ask 'Settings for its first deployment (none)' "$env_file")
  fi
fi
port=${port:-22} user=${user:-root} mode=${mode:-docker}

# --- everything is checked before anything is changed ----------------------------------------------
[ "$data" = keep ] || [ "$action" = uninstall ] || die 2 '--delete-data belongs to --uninstall: give both, or neither'
[ -n "$host" ] || die 2 'no server: give --host, or set SENTINEL_HOST'
# An IPv6 address may come in brackets: scp wants it so, ssh does not.
case $host in '['*']') host=${host#'['}; host=${host%']'} ;; esac
case $host in
  '' | -* | *[!A-Za-z0-9._:-]*) die 2 "--host: expected a name or an address, got $host" ;;
  *:*:*) case $host in *[!0-9A-Fa-f:.]* | *:::* | *::*::* | [!0-9A-Fa-f:]* | :[!:]* | *[!:]:) die 2 "--host: expected a name or an address, got $host" ;; esac
    # Eight groups, or fewer around a ::.
    case $host in *::*) ;; *:*:*:*:*:*:*:*:*) die 2 "--host: expected a name or an address, got $host" ;; *:*:*:*:*:*:*:*) ;; *:*:*:*:*:*:*.*.*.*) ;; *) die 2 "--host: expected a name or an address, got $host" ;; esac ;;
  *:*) die 2 "--host: expected a name or an address, got $host: a port is given by --port" ;;
esac
case $user in -* | *[!A-Za-z0-9._-]*) die 2 "--user: expected a login name, got $user" ;; esac
# In decimal, whatever zeros it begins with: a shell takes 080 for octal.
whole_number() {
  number=$2
  while :; do case $number in 0?*) number=${number#0} ;; *) break ;; esac; done
  case $number in '' | *[!0-9]* | ??????*) return 1 ;; esac
  [ "$number" -ge 1 ] && [ "$number" -le "$1" ]
}
whole_number 65535 "$port" || die 2 "--port: expected a number from 1 to 65535, got $port"
port=$number
whole_number 86400 "$within" || die 2 "--within: expected seconds, 1 to 86400, got $within"
within=$number
case $mode in docker | systemd) ;; *) die 2 "--mode: expected docker or systemd, got $mode" ;; esac
for tool in ssh scp tar; do command -v "$tool" >/dev/null || die 3 "$tool is not installed here"; done
readable() {
  [ -z "$2" ] || [ -r "$2" ] || die 3 "$1: $2 cannot be read"
  [ ! -d "$2" ] || die 3 "$1: $2 is a folder: give a file"
  # A pipe would be waited for, and is empty when it is read again.
  [ -z "$2" ] || [ -f "$2" ] || die 3 "$1: $2 is a pipe, a socket or a device: give a file"
}
readable --key "$key"
readable --env-file "$env_file"
readable --release "$release"
# Without a slash, a name with a colon is another machine's file to scp, and one with a dash an option.
case $release in '' | /*) ;; *) release=./$release ;; esac
case $host in *:*) scp_host="[$host]" ;; *) scp_host=$host ;; esac

# BatchMode: keys only, no password is asked for. An unknown or changed host key ends it.
set -- -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 \
  -o ServerAliveInterval=5 -o ServerAliveCountMax=3
[ -z "$key" ] || set -- "$@" -i "$key" -o IdentitiesOnly=yes

# What git tracks, and nothing else: what lies about in this folder (.env.bak, a key) is in no release.
of_git() { git -C "$here/.." -c core.quotePath=false -c core.ignoreCase=true "$@"; }
tracked() { of_git ls-files "$@"; }
pack() {
  command -v git >/dev/null || die 3 'git is not installed here: it says what belongs to the sources. Or give --release'
  tracked >"$work/tracked" || die 3 'the sources cannot be packed: they are no clone made by git. Give --release'
  [ -s "$work/tracked" ] || die 3 'the sources cannot be packed: git tracks nothing here. Give --release'
  # .gitignore names what is secret.
  secrets=$(tracked -ci --exclude-from=.gitignore)
  [ -z "$secrets" ] || die 3 "these may hold secrets and are never released: git rm --cached them
$secrets"
  # A link and a submodule lead to what git does not name here.
  leading=$(tracked -s | sed -n '/^100/!s/^[^	]*	//p')
  [ -z "$leading" ] || die 3 "only plain files are released, and these are links or submodules: git rm --cached them
$leading"
  # Also a file that became a folder or a link, and one in a folder that became a link.
  missing=$(of_git diff-files --relative --name-only --diff-filter=DT)
  [ -z "$missing" ] || die 3 "git tracks what is not here as a plain file: restore it, or git rm it
$missing"
  sed 's|^|./|' "$work/tracked" >"$work/list"
  # bsdtar writes the time into the archive, which would make each one a release of its own.
  case $(tar --version) in
    *bsdtar*) set -- --options 'gzip:!timestamp' ;;
    *) set -- --sort=name --owner=0 --group=0 --mode=u=rwX,go=rX ;;
  esac
  tar "$@" -czf "$release" -C "$here/.." --no-recursion -T "$work/list" || die 3 'the sources cannot be packed'
}

root=
[ "$user" = root ] || root='sudo -n '
run_far() {
  prefix=$1; shift
  words=$1; shift
  ssh "$@" -p "$port" -l "$user" "$host" "${prefix}sh -s -- $words" <"$here/far-side.sh"
}

no_connection() {
  [ "$1" -ne 255 ] || die 255 "no connection to $user@$host, port $port. Is the key right? If the host key is not
known yet, connect once by hand (ssh -p $port $user@$host) and compare the fingerprint with the one that
Contabo's VNC console shows; if it has changed, find out why before anything else."
}

far_or_exit() {
  code=0
  run_far "$@" || code=$?
  no_connection "$code"
  [ "$code" -eq 0 ] || exit "$code"
}

case $action in
  status | logs | rollback) far_or_exit "$root" "$action within=$within" "$@"; exit 0 ;;
  uninstall) far_or_exit "$root" "uninstall data=$data" "$@"; exit 0 ;;
esac

env_given=no
[ -z "$env_file" ] || env_given=yes
say "Checking $host ..."
far_or_exit '' "check mode=$mode env=$env_given" "$@"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$release" ]; then
  say 'Packing the sources ...'
  release=$work/release.tar.gz
  pack "$release"
fi
if command -v sha256sum >/dev/null; then sum=$(sha256sum <"$release"); else sum=$(shasum -a 256 <"$release"); fi
sha256=${sum%% *}
id=$(printf '%s' "$sha256" | cut -c1-12)
say "Release $id, $(wc -c <"$release" | tr -d ' ') bytes"
if [ "$action" = dry-run ]; then say 'Dry run: nothing was changed.'; exit 0; fi

say 'Uploading ...'
broke_off() { die 5 "the upload of $1 broke off: nothing was changed on $host. Run the command again"; }
quiet=
[ -t 1 ] || quiet=-q
# shellcheck disable=SC2086
scp "$@" $quiet -P "$port" -- "$release" "$user@$scp_host:sentinel-$id.tar.gz" || broke_off "$release"
# Through a pipe, so that nobody else on the server can read it for a moment.
if [ -n "$env_file" ]; then
  ssh "$@" -p "$port" -l "$user" "$host" 'umask 077 && cat >sentinel.env' <"$env_file" || broke_off "$env_file"
fi

code=0
# $HOME is the far side's, of the user who uploaded, also where sudo follows.
words="deploy mode=$mode id=$id sha256=$sha256 within=$within home=\$HOME"
run_far "$root" "$words" "$@" || code=$?
[ "$code" -ne 255 ] || die 255 "the connection was cut. The server finishes or goes back by itself: look with --status"
exit "$code"
