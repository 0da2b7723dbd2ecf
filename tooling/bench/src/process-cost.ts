import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Processor time so far in ms, resident memory in MB, and open descriptors of a process. Linux only. */
export const costOf = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond,
    rssMb: Number(rss) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
};
