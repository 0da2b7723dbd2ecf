import { repository } from './cache.ts';
import type { Engine } from './engine.ts';
import { standInImages } from './images.ts';
import { until } from './sh.ts';

/** Fast enough to be watched: looked at every second, unhealthy after nine. */
export const pace = {
  SENTINEL_INTERVAL_SECONDS: '1',
  SENTINEL_MAX_AGE_MINUTES: '0.15',
  SENTINEL_HEALTH_INTERVAL: '2s',
} as const;
const patience = { timeoutMs: 180_000 } as const;

/** The stack of one compose file, and what its containers say. */
export const stackOf = (
  engine: Engine,
  file: 'compose.yaml' | 'compose.single.yaml',
  more: Readonly<Record<string, string>> = {},
) => {
  const env = {
    ...standInImages,
    ...pace,
    SENTINEL_DOCKER_SOCKET: engine.socket,
    COMPOSE_FILE: file,
    ...more,
  };
  const compose = (args: string) =>
    engine.sh(`cd '${repository}' && docker compose -f docker/${file} ${args}`, { env, timeoutMs: 600_000 });
  const inspect = (name: string, format: string) => engine.sh(`docker inspect -f '${format}' ${name}`);
  const exec = (name: string, command: string) =>
    engine.attempt(`docker exec ${name} ${command}`, { timeoutMs: 60_000 });
  const health = async (name: string) =>
    (await engine.attempt(`docker inspect -f '{{.State.Health.Status}}' ${name}`)).output.trim();
  const check = () => exec('trading-sentinel', 'node monitor/dist/index.js --check --max-age 0.15');
  return {
    compose,
    inspect,
    exec,
    health,
    check,
    startedAt: (name: string) => inspect(name, '{{.State.StartedAt}}'),
    healthy: (name: string) =>
      until(`${name} is healthy`, async () => (await health(name)) === 'healthy', patience),
    /** The bot's own health as the monitor's command line sees it, at once. */
    beating: () => until('--check says healthy', async () => (await check()).code === 0, patience),
    silent: () => until('--check says unhealthy', async () => (await check()).code !== 0, patience),
    api: async (path: string) => JSON.parse(await engine.sh(`curl -sS http://127.0.0.1:5000${path}`)),
    /** The last beat's line of facts. */
    beat: async (name = 'trading-sentinel') =>
      JSON.parse((await exec(name, `sh -c 'sed -n 3p logs/heartbeat_status.txt'`)).output),
    /** Sends a signal to the bot itself, which is a child of the container's init (or of the monitor). */
    signalBot: (signal: string) =>
      exec(
        'trading-sentinel',
        `sh -c 'for p in /proc/[0-9]*; do case $(tr "\\0" " " <$p/cmdline) in "node "*bot/dist/index.js*) case $(tr "\\0" " " <$p/cmdline) in *--supervise*) ;; *) kill -${signal} \${p#/proc/} ;; esac ;; esac; done'`,
      ),
  };
};

export type Stack = ReturnType<typeof stackOf>;
