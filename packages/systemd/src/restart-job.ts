import { readFileSync } from 'node:fs';

/** systemd is asked while the service ends: it has to answer soon. */
const timeoutMs = 1500;

/** The service that a process is part of, by its `/proc/PID/cgroup`; `null`: it is none. */
const unitIn = (cgroup: string): { readonly unit: string; readonly isUser: boolean } | null => {
  const path = /^0::(\/.*)$/m.exec(cgroup)?.[1] ?? '';
  const unit = path.split('/').findLast((part) => part.endsWith('.service'));
  if (unit === undefined || /^user@\d+\.service$/.test(unit)) return null;
  return { unit, isUser: /\/user@\d+\.service\//.test(path) };
};

/** Whether a list of jobs (`systemctl list-jobs --no-legend`) has a restart of this unit. */
const hasRestart = (jobs: string, unit: string): boolean =>
  jobs.split('\n').some((line) => {
    const [, name, type] = line.trim().split(/\s+/);
    return name === unit && type === 'restart';
  });

const jobsOf = (isUser: boolean): Promise<string> =>
  new Promise((resolve) => {
    // Loaded late: a look at a bot (`--check`) does without it, and loading it takes as long as half of that look.
    const { execFile } = process.getBuiltinModule('node:child_process');
    const args = [...(isUser ? ['--user'] : []), 'list-jobs', '--no-legend', '--no-pager'];
    // Without systemd, or without its answer, nothing is known of a restart.
    execFile('systemctl', args, { timeout: timeoutMs }, (error, text) => resolve(error === null ? text : ''));
  });

/** There is none outside of Linux. */
const ownCgroup = (): string => {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
};

type Ports = {
  readonly cgroup: () => string;
  readonly jobs: (isUser: boolean) => Promise<string>;
};
const ofThisMachine: Ports = {
  cgroup: ownCgroup,
  jobs: jobsOf,
};

/**
 * Whether systemd ends this service only to start it again (`systemctl restart`, an upgrade). False where that is not known.
 *
 * @example
 * const stays = await isRestartedBySystemd();
 */
export const isRestartedBySystemd = async (ports: Ports = ofThisMachine): Promise<boolean> => {
  const service = unitIn(ports.cgroup());
  return service !== null && hasRestart(await ports.jobs(service.isUser), service.unit);
};
