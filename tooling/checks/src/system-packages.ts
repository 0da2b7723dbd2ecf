import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the tests use beyond Node: a program, the Debian package that brings it, and who needs it. */
const needed = [
  { program: 'python3', package: 'python3', why: 'bots in Python read and write the same file' },
  { program: 'curl', package: 'curl', why: "the commands of the operator's pages use it" },
  { program: 'chromium', package: 'chromium', why: 'the bot signs in and trades in a real browser' },
  {
    program: 'chromium-headless-shell',
    package: 'chromium-headless-shell',
    why: 'the same engine without its window: tests that start many take less than half the time',
  },
  { program: 'promtool', package: 'prometheus', why: 'the alert rules are tested with the real Prometheus' },
  {
    program: 'amtool',
    package: 'prometheus-alertmanager',
    why: 'the routes of alerts are tested with the real one',
  },
  { program: 'nats-server', package: 'nats-server', why: 'a fleet is tested with real servers' },
] as const;

const isThere = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${program}`));

/** Installs with apt what is missing, as root on Debian; elsewhere it says what is missing, and those tests are skipped. */
export const installSystemPackages = (): void => {
  const missing = needed.filter(({ program }) => !isThere(program));
  if (missing.length === 0) return;
  const names = missing.map((entry) => entry.package);
  if (process.getuid?.() !== 0 || !isThere('apt-get')) {
    for (const { program, why } of missing)
      console.log(`note    ${program} is missing (${why}): its tests are skipped`);
    return;
  }
  console.log(`install ${names.join(' ')} (apt-get)`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  apt('update');
  const installed = apt('install', '-y', '--no-install-recommends', ...names);
  if (installed.status !== 0) console.log(`note    apt-get failed: ${installed.stderr.trim()}`);
};
