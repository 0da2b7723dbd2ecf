import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { baseRoot, dockerPlugins, oldestNode, repository, vpsRoot } from './cache.ts';
import type { Lacks, Need } from './needs.ts';
import { attempt, sh } from './sh.ts';

const apps = join(repository, '.release/apps');

/** Debian packages, each with a file that shows that it is there. */
const packages = {
  containers: {
    'docker.io': '/usr/sbin/dockerd',
    iptables: '/usr/sbin/iptables',
    debootstrap: '/usr/sbin/debootstrap',
    iproute2: '/usr/sbin/ip',
    procps: '/usr/bin/pgrep',
    curl: '/usr/bin/curl',
    prometheus: '/usr/bin/prometheus',
    'prometheus-alertmanager': '/usr/bin/prometheus-alertmanager',
    'nats-server': '/usr/sbin/nats-server',
  },
  vps: { 'systemd-container': '/usr/bin/systemd-nspawn', 'openssh-client': '/usr/bin/ssh' },
  windows: { wine: '/usr/bin/wine', wine64: '/usr/lib/wine/wine64' },
  compilers: {
    'golang-go': '/usr/bin/go',
    'mono-mcs': '/usr/bin/mcs',
    'mono-runtime': '/usr/bin/mono',
    'python3-venv': '/usr/share/doc/python3-venv',
  },
  'oldest node': {},
  linters: { shellcheck: '/usr/bin/shellcheck', systemd: '/usr/bin/systemd-analyze' },
} as const satisfies Record<Need, Readonly<Record<string, string>>>;

/** What this machine cannot do for any of these tests, or undefined. */
const whyNot = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux') return 'they need Linux';
  if (process.getuid?.() !== 0) return 'they need root';
  if ((await attempt('command -v apt-get')).code !== 0) return 'they need Debian or Ubuntu';
  const { code } = await attempt('unshare --net --mount --pid --fork --mount-proc true');
  return code === 0 ? undefined : 'this machine gives no leave to make namespaces';
};

/** One step, one line: what it is, how long it took, and why it failed. Returns the reason. */
const step = async (name: string, work: () => Promise<unknown>): Promise<string | undefined> => {
  const start = performance.now();
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    await work();
    console.log(`ok      ${name.padEnd(40)} ${took()}`);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`FAILED  ${name.padEnd(40)} ${took()}\n${reason}`);
    return `${name} failed`;
  }
};

let updated = false;
const aptGet = (line: string) =>
  sh(`apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 ${line}`, {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: 600_000,
  });

const install = async (need: Need): Promise<string | undefined> => {
  const missing = Object.entries(packages[need]).filter(([, probe]) => !existsSync(probe));
  if (missing.length === 0) return undefined;
  const names = missing.map(([name]) => name).join(' ');
  return step(`install ${names}`, async () => {
    if (!updated) await aptGet('update');
    updated = true;
    await aptGet(`install -y --no-install-recommends ${names}`);
  });
};

/** The apps as `pnpm release` lays them out. SENTINEL_SYSTEM_KEEP_APPS=1 takes what is there. */
const buildApps = async (): Promise<string | undefined> => {
  if (process.env['SENTINEL_SYSTEM_KEEP_APPS'] === '1' && existsSync(apps)) return undefined;
  rmSync(apps, { recursive: true, force: true });
  return step('build the apps', () =>
    sh(
      `cd '${repository}' && '${process.execPath}' tooling/deploy-apps.mjs .release/apps && turbo run build --filter=@sentinel/sentinel --output-logs=errors-only`,
      { timeoutMs: 600_000 },
    ),
  );
};

type Prepared = {
  readonly lacks: Lacks;
  /** Namespaces can be made. */
  readonly canBox: boolean;
  readonly failed: number;
};

/** Installs and makes what the tests need; what cannot be had is told with its reason. */
export const prepare = async (): Promise<Prepared> => {
  const reason = await whyNot();
  if (reason)
    return {
      lacks: Object.fromEntries(Object.keys(packages).map((need) => [need, reason])),
      canBox: false,
      failed: 0,
    };
  const lacks: Record<string, string> = {};
  for (const need of ['linters', 'compilers', 'windows', 'containers', 'vps'] as const) {
    const trouble = await install(need);
    if (trouble) lacks[need] = trouble;
  }
  if (lacks['containers']) lacks['vps'] ??= lacks['containers'];
  else {
    const base =
      (await step('Debian for the base images', baseRoot)) ??
      (await step('compose and buildx', dockerPlugins));
    if (base) lacks['containers'] = lacks['vps'] = base;
  }
  if (!lacks['vps']) {
    const server = await step('Debian for a whole server', vpsRoot);
    if (server) lacks['vps'] = server;
  }
  const old = await step('the oldest Node that fits', oldestNode);
  if (old) lacks['oldest node'] = old;
  // Apps that do not build are no lack of the machine's: that is a failure.
  const broken = await buildApps();
  if (broken) lacks['containers'] = lacks['vps'] = lacks['oldest node'] = broken;
  return { lacks, canBox: true, failed: broken ? 1 : 0 };
};
