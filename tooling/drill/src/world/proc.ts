import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process that ends while it is looked at, or that another user owns, answers. */
const passing = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EINVAL', 'ENOTDIR', 'EPERM']);

/** `null` where the process is gone by now. */
export const orGone = <T>(look: () => T): T | null => {
  try {
    return look();
  } catch (error) {
    if (passing.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
};

export type Stat = { readonly state: string; readonly startTicks: string };

const statIn = (folder: string): Stat | null =>
  orGone(() => {
    const text = readFileSync(`${folder}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
  });

/** The state letter of a process and when it began. */
export const statOf = (pid: number): Stat | null => statIn(`/proc/${pid}`);

/** Who has started it, or has it now. */
export const parentOf = (pid: number): number =>
  Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

const runs = (stat: Stat | null): boolean => stat !== null && stat.state !== 'Z' && stat.state !== 'X';

/** One of its threads runs or is stopped: a zombie is gone, unless only its first thread has ended. */
export const lives = (pid: number): boolean =>
  runs(statOf(pid)) ||
  (orGone(() => readdirSync(`/proc/${pid}/task`)) ?? []).some((thread) =>
    runs(statIn(`/proc/${pid}/task/${thread}`)),
  );

export const everyPid = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

const namespaceOf = (pid: number | 'self'): string | null =>
  orGone(() => readlinkSync(`/proc/${pid}/ns/pid`));

/** The pid here of a process that calls itself `pid` in that pid namespace. */
export const pidHere = (pid: number, namespace: string): number | null => {
  if (namespace === namespaceOf('self')) return pid;
  const found = everyPid().find((each) => {
    if (namespaceOf(each) !== namespace) return false;
    const status = orGone(() => readFileSync(`/proc/${each}/status`, 'utf8'));
    return status !== null && new RegExp(`^NSpid:.*\\t${pid}$`, 'm').test(status);
  });
  return found ?? null;
};

/** Everything that has its current folder below this one. */
export const processesIn = (folder: string): number[] =>
  everyPid().filter((pid) => {
    if (pid === process.pid) return false;
    const cwd = orGone(() => readlinkSync(`/proc/${pid}/cwd`));
    return (cwd === folder || cwd?.startsWith(`${folder}/`)) === true && lives(pid);
  });

export const environmentOf = (pid: number): string[] =>
  orGone(() => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean)) ?? [];

/** Sends a signal; false where there is no such process. */
export const signal = (pid: number, name: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
};
