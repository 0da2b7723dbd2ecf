/** A service of systemd, and the user whose manager looks after it; `null`: the machine's. */
export type Unit = { readonly name: string; readonly user: number | null };

/**
 * The service that a process runs in, by its control group (`/proc/PID/cgroup`); `null`: in none. A session, or a
 * container, is no service: nobody starts it again.
 */
export const unitOfGroup = (cgroup: string): Unit | null => {
  const lines = cgroup.split('\n').map((line) => line.split(':'));
  const found = lines.find(([, kind]) => kind === 'name=systemd') ?? lines.find(([number]) => number === '0');
  const parts = (found?.slice(2).join(':') ?? '').split('/');
  const name = parts.findLast((part) => /\.(?:service|scope)$/.test(part));
  if (name === undefined || name.endsWith('.scope') || /^user@\d+\.service$/.test(name)) return null;
  const user = parts.flatMap((part) => /^user@(\d+)\.service$/.exec(part)?.[1] ?? []).at(-1);
  return { name, user: user === undefined ? null : Number(user) };
};

/** What is asked of a service. */
export const unitProperties = ['ActiveState', 'SubState', 'RestartUSec', 'InactiveEnterTimestampMonotonic'];

const spanMs: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `1min 30s` in ms; `null`: it is no such time (`infinity`). */
const msOf = (span: string): number | null => {
  const each = span.split(' ').map((part) => {
    const [, count, unit = ''] = /^(\d+)([a-z]+)$/.exec(part) ?? [];
    return Number(count) * (spanMs[unit] ?? Number.NaN);
  });
  const all = each.reduce((sum, ms) => sum + ms, 0);
  return Number.isNaN(all) ? null : all;
};

/**
 * In how many ms systemd starts a service again by itself; `null`: it does not. Whatever is on its way up or down may bring
 * a bot at any moment.
 *
 * @param shown what `systemctl show` prints of it.
 * @param monotonicMs the clock on which it dates, now.
 */
export const startsAgainInMs = (shown: string, monotonicMs: number): number | null => {
  const facts = new Map(
    shown.split('\n').map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  const state = facts.get('ActiveState') ?? '';
  if (state !== 'activating' && state !== 'deactivating') return null;
  if (!(facts.get('SubState') ?? '').startsWith('auto-restart')) return 0;
  const waitMs = msOf(facts.get('RestartUSec') ?? '');
  const endedMs = Number(facts.get('InactiveEnterTimestampMonotonic')) / 1000;
  return waitMs === null || Number.isNaN(endedMs) ? 0 : Math.max(0, endedMs + waitMs - monotonicMs);
};
