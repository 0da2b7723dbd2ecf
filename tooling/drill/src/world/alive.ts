import { readFileSync } from 'node:fs';
import { lives, orGone, pidHere, statOf } from './proc.ts';

const everyMs = 20;

type Start = { readonly pid: number; readonly startTicks: string };

/** How many bots live at once, by the pids which each start of the bot appends to a file. */
type Census = {
  /** The pids of every start, in order, as they are here. */
  readonly starts: () => readonly number[];
  readonly alive: () => readonly number[];
  readonly most: () => number;
  /** Calls back once, when more than so many are alive. */
  readonly onMore: (than: number, call: () => void) => void;
  readonly close: () => void;
};

export const openCensus = (file: string): Census => {
  const starts: Start[] = [];
  const limit = { than: Number.POSITIVE_INFINITY, call: () => {} };
  const seen = new Set<string>();
  let most = 0;

  const readStarts = () => {
    const text = orGone(() => readFileSync(file, 'utf8')) ?? '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const [index, line] of whole.split('\n').entries()) {
      const [pid, namespace] = line.split(' ');
      if (pid === undefined || namespace === undefined || seen.has(`${index} ${line}`)) continue;
      seen.add(`${index} ${line}`);
      const here = pidHere(Number(pid), namespace);
      const stat = here === null ? null : statOf(here);
      starts.push({ pid: here ?? 0, startTicks: stat?.startTicks ?? '' });
    }
  };
  const alive = () => {
    readStarts();
    return starts
      .filter(({ pid, startTicks }) => {
        const stat = pid === 0 ? null : statOf(pid);
        return stat !== null && stat.startTicks === startTicks && lives(pid);
      })
      .map(({ pid }) => pid);
  };
  const sample = () => {
    most = Math.max(most, alive().length);
    if (most > limit.than) {
      limit.than = Number.POSITIVE_INFINITY;
      limit.call();
    }
  };
  const timer = setInterval(sample, everyMs);
  return {
    starts: () => {
      readStarts();
      return starts.map(({ pid }) => pid);
    },
    alive,
    most: () => {
      sample();
      return most;
    },
    onMore: (than, call) => Object.assign(limit, { than, call }),
    close: () => clearInterval(timer),
  };
};
