import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { sh } from './sh.ts';

export const repository = resolve(import.meta.dirname, '../../..');

/** Debian roots and the like, which take a minute to make and stay good: kept from run to run. */
export const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sentinel-system');

const minutes = 60_000;

/** A folder of the cache: made beside it and renamed, so it is there whole or not at all. */
const cached = async (name: string, make: (folder: string) => Promise<unknown>): Promise<string> => {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}.half`;
  mkdirSync(cache, { recursive: true });
  try {
    await make(half);
    renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
};

// Its mounts of /proc and /sys live in namespaces of its own, and are gone when it ends, however it ends.
const debootstrap = async (folder: string, suite: string, options: string) => {
  const packages = join(cache, 'packages', suite);
  const line = `mkdir -p '${packages}' && rm -rf '${folder}' && unshare --mount --pid --fork --kill-child=KILL --mount-proc \
    debootstrap --variant=minbase --cache-dir='${packages}' ${options} ${suite} '${folder}'`;
  // A mirror that stumbles gets a second chance.
  await sh(line, { timeoutMs: 8 * minutes }).catch(() => sh(line, { timeoutMs: 8 * minutes }));
};

/** A small Debian with HAProxy: what the base images are made from. Those of Prometheus have busybox. */
export const baseRoot = () =>
  cached('base-2', (folder) =>
    debootstrap(folder, 'bookworm', '--include=haproxy,ca-certificates,tini,busybox'),
  );

/** What the guide to a VPS has installed there. */
const ofTheGuide = 'unattended-upgrades ufw caddy sqlite3';

/**
 * A Debian server as a hoster delivers it: systemd, sshd, Docker. It runs without a network to the world, so what
 * the guide installs waits in apt's own cache, and its `apt-get install` works as it is written.
 */
export const vpsRoot = () =>
  cached('vps-2', async (folder) => {
    await debootstrap(
      folder,
      'bookworm',
      '--include=systemd,systemd-sysv,dbus,openssh-server,rsync,iproute2,procps,ca-certificates,docker.io,iptables,curl,sudo,logrotate',
    );
    const apt = `chroot '${folder}' apt-get -qq -o Acquire::Retries=3`;
    await sh(`${apt} update && ${apt} install -y --download-only ${ofTheGuide}`, { timeoutMs: 8 * minutes });
  });

/** Compose v2 and buildx, which Debian 12 does not have: they run there as they are. */
export const dockerPlugins = () =>
  cached('plugins-1', async (folder) => {
    const download = `${folder}.download`;
    try {
      await debootstrap(download, 'trixie', '--download-only --include=docker-compose,docker-buildx');
      await sh(`mkdir -p '${folder}/cli-plugins' && for p in docker-compose docker-buildx; do
          dpkg-deb -x '${download}'/var/cache/apt/archives/"$p"_*.deb '${download}/x'; done
        cp '${download}'/x/usr/libexec/docker/cli-plugins/* '${folder}/cli-plugins/'`);
    } finally {
      rmSync(download, { recursive: true, force: true });
    }
  });

/** The oldest Node that the programs say they run on. Its program. */
export const oldestNode = async (): Promise<string> => {
  const { engines } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const version = `${String(engines.node).replace('>=', '')}.0`;
  const name = `node-${process.platform}-${process.arch}`;
  const folder = await cached(`node-${version}`, (half) =>
    sh(`npm install --no-audit --no-fund --prefix '${half}' '${name}@${version}'`),
  );
  return join(folder, 'node_modules', name, 'bin/node');
};
