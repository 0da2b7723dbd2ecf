import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerPlugins } from './cache.ts';
import { runFolder } from './needs.ts';
import { attempt, endProcess, type Outcome, type ShOptions, sh, until } from './sh.ts';

export type Engine = {
  readonly folder: string;
  readonly socket: string;
  /** Runs a line of shell that talks to this engine; it has to succeed. */
  readonly sh: (command: string, options?: ShOptions) => Promise<string>;
  readonly attempt: (command: string, options?: ShOptions) => Promise<Outcome>;
  /** Ends the engine as a power cut would, its containers with it, and starts it again. */
  readonly reboot: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const networks = {
  box: { enter: [], flags: [] },
  // For builds that fetch packages. It changes nothing out there: no bridge, no rules.
  outside: {
    enter: ['nsenter', '--net=/run/netns/outside'],
    flags: ['--bridge=none', '--iptables=false', '--ip-forward=false', '--ip-masq=false'],
  },
} as const;

/** A Docker engine of the box. Its images stay for the next that is started; containers and volumes do not. */
export const startEngine = async (network: keyof typeof networks = 'box'): Promise<Engine> => {
  const folder = join(runFolder, 'engine');
  const socket = join(folder, 'docker.sock');
  mkdirSync(folder, { recursive: true });
  const plugins = await dockerPlugins();
  const withEngine = (options: ShOptions = {}): ShOptions => ({
    ...options,
    env: {
      DOCKER_HOST: `unix://${socket}`,
      DOCKER_CONFIG: plugins,
      DOCKER_BUILDKIT: '1',
      BUILDKIT_PROGRESS: 'plain',
      // Debian's client before any other that the machine has.
      PATH: `/usr/sbin:/usr/bin:${process.env['PATH'] ?? ''}`,
      ...options.env,
    },
  });

  const run = async () => {
    const log = openSync(join(folder, 'log'), 'a');
    const [program = '', ...args] = [
      ...networks[network].enter,
      ...['dockerd', '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'docker.pid'), '-H', `unix://${socket}`],
      // Its control groups bear the run's name, and are removed with it.
      ...['--cgroup-parent', `/${runFolder.split('/').at(-1)}`],
      ...networks[network].flags,
    ];
    const env = { ...process.env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
    const child = spawn(program, args, { stdio: ['ignore', log, log], env });
    closeSync(log);
    await until('the engine answers', async () => {
      if (child.exitCode !== null)
        throw new Error(`dockerd ended:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-2000)}`);
      return (await attempt('docker version', withEngine())).code === 0;
    });
  };

  const processes = async (which: string) =>
    (await sh(`ps -eo pid,args | awk -v f='${folder}/' 'index($0, f) && ${which} && !/awk/ { print $1 }'`))
      .split('\n')
      .filter(Boolean)
      .map(Number);

  const endAll = async (grace: number) => {
    const pidFile = join(folder, 'docker.pid');
    if (existsSync(pidFile)) await endProcess(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), grace);
    // What is left of it, found by this engine's own folder: containerd, and the shims between it and the containers.
    for (const pid of await processes('1')) await endProcess(pid, grace === 0 ? 0 : 3_000);
    await attempt(`rm -rf '${pidFile}' '${socket}' '${folder}'/exec/*`);
  };

  await run();
  return {
    folder,
    socket,
    sh: (command, options) => sh(command, withEngine(options)),
    attempt: (command, options) => attempt(command, withEngine(options)),
    reboot: async () => {
      const inContainers: number[] = [];
      for (const shim of await processes('/containerd-shim/'))
        inContainers.push(
          ...(await attempt(`pgrep -P ${shim}`)).output.split('\n').filter(Boolean).map(Number),
        );
      const pid = Number.parseInt(readFileSync(join(folder, 'docker.pid'), 'utf8'), 10);
      // First those who would tidy up, or start anew.
      process.kill(pid, 'SIGKILL');
      for (const child of inContainers) await endProcess(child, 0);
      await endAll(0);
      await attempt(
        `awk -v f='${folder}/' 'index($2, f) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l`,
      );
      await run();
    },
    stop: async () => {
      await attempt('docker ps -aq | xargs -r docker rm -f -v', withEngine());
      await attempt(
        'docker volume ls -q | xargs -r docker volume rm -f; docker network prune -f',
        withEngine(),
      );
      await endAll(20_000);
    },
  };
};
