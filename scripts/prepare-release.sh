#!/bin/sh
# A part of each release, run on the server by far-side.sh before anything is switched: installs what the release
# needs there, and builds one that came as sources.
#   sh prepare-release.sh MODE ROOT APPS
# MODE: docker, systemd    APPS: prebuilt, workspace
set -eu

MODE=$1 ROOT=$2 APPS=$3
cd "$(dirname "$0")/.."

say() { printf '[%s] %s\n' "$(date -u +%H:%M:%S)" "$*"; }

install_docker() {
  if docker compose version >/dev/null 2>&1; then return; fi
  say 'Installing Docker from download.docker.com'
  # shellcheck source=/dev/null
  . /etc/os-release
  install -m 0755 -d /etc/apt/keyrings
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends ca-certificates curl
  curl -fsSL "https://download.docker.com/linux/$ID/gpg" -o /etc/apt/keyrings/docker.asc
  printf 'deb [arch=%s signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/%s %s stable\n' \
    "$(dpkg --print-architecture)" "$ID" "$VERSION_CODENAME" >/etc/apt/sources.list.d/docker.list
  apt-get update -qq
  apt-get install -y -qq docker-ce docker-ce-cli containerd.io docker-buildx-plugin docker-compose-plugin
}

node_fits() {
  [ -x "$1" ] && "$1" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 13) ? 0 : 1)'
}

# The one that this release was tested with (nodeVersion in pnpm-workspace.yaml).
NODE_VERSION=24.21.0

install_node() {
  mkdir -p "$ROOT/bin"
  for node in "$ROOT/bin/node" /usr/local/bin/node /usr/bin/node; do
    if node_fits "$node"; then
      [ "$node" = "$ROOT/bin/node" ] || ln -sfn "$node" "$ROOT/bin/node"
      return
    fi
  done
  say "Installing Node $NODE_VERSION from nodejs.org"
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) say "error: no Node is built for $(uname -m)"; exit 1 ;;
  esac
  command -v curl >/dev/null || { apt-get update -qq && apt-get install -y -qq ca-certificates curl; }
  work=$(mktemp -d)
  (
    cd "$work"
    name=node-v$NODE_VERSION-linux-$arch.tar.gz
    curl -fsSLO "https://nodejs.org/dist/v$NODE_VERSION/SHASUMS256.txt"
    curl -fsSLO "https://nodejs.org/dist/v$NODE_VERSION/$name"
    grep " $name\$" SHASUMS256.txt | sha256sum -c --quiet
    # Theirs names an owner, who may be somebody here.
    mkdir -p "$ROOT/node" && tar -xzf "$name" -C "$ROOT/node" --strip-components=1 --no-same-owner --no-same-permissions
  )
  rm -rf "$work"
  ln -sfn "$ROOT/node/bin/node" "$ROOT/bin/node"
}

build_apps() {
  say 'Building the apps from their sources'
  PATH=$ROOT/node/bin:$PATH
  npx -y pnpm@12.21.0 install --frozen-lockfile
  node tooling/deploy-apps.mjs .release/apps
}

if [ "$MODE" = docker ]; then
  install_docker
else
  install_node
  [ "$APPS" = prebuilt ] || build_apps
fi
