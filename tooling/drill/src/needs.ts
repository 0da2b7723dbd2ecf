import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Drill, Need } from './drill.ts';

const faketime = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'].map(
  (folder) => `${folder}/faketime/libfaketimeMT.so.1`,
);

/** The library that gives a program another clock, where it is installed. */
export const fakeClock = (): string | undefined => faketime.find((file) => existsSync(file));

const isRoot = () => process.getuid?.() === 0;

const engineAnswers = () =>
  isRoot() && spawnSync('docker', ['version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

const mayMount = () =>
  isRoot() &&
  spawnSync('unshare', ['--mount', 'mount', '--bind', '/mnt', '/mnt'], { stdio: 'ignore' }).status === 0;

const lacking: Readonly<Record<Need, () => string | null>> = {
  linux: () => (existsSync('/proc/self/ns/pid') ? null : 'it needs Linux'),
  root: () => (isRoot() ? null : 'it needs root'),
  mounts: () => (mayMount() ? null : 'it needs root that may mount'),
  faketime: () => (fakeClock() === undefined ? 'it needs Debian’s package faketime' : null),
  docker: () => (engineAnswers() ? null : 'it needs root and a Docker engine that answers (DOCKER_HOST)'),
};

/** Why a drill cannot be played here; `null` where it can. */
export const whyNot = ({ needs = [] }: Drill): string | null =>
  (['linux', ...needs] as const).map((need) => lacking[need]()).find((why) => why !== null) ?? null;

/** Installs what the drills need with apt, as root on Debian; elsewhere those that need it are skipped with that reason. */
export const install = (): void => {
  if (fakeClock() !== undefined || !isRoot() || !existsSync('/usr/bin/apt-get')) return;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      env: environment,
      stdio: 'ignore',
    });
  if (apt('install', '-y', '--no-install-recommends', 'faketime').status === 0) return;
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'faketime');
};
