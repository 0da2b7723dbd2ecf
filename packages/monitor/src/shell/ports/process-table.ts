import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isSystemError, thisBoot, unlessRefused } from '@sentinel/heartbeat-core';
import type { Origin } from '../../custody/origin.ts';
import { sendSignal } from './processes/common.ts';
import { everyPid, statOf } from './processes/proc-stat.ts';

/** What Linux says of a process; `null` when there is none, or on another system; `unknown`: it cannot be asked now. */
const askStat = (pid: number | string): ReturnType<typeof statOf> | 'unknown' | null => {
  try {
    return statOf(pid);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // Too many open files, or no memory, is no answer.
    return ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code) ? null : 'unknown';
  }
};

/**
 * Whether any process of the group lives; one that is dead and that nobody has reaped yet does not. A group that takes
 * signals, and of which the system says no more, may live.
 */
export const groupLives = (group: number): boolean => {
  if (sendSignal(-group, 0) === 'gone') return false;
  if (askStat('self') === null) return true;
  const leader = askStat(group);
  // As a rule its leader lives, and no look at every process is needed.
  if (leader !== null && leader !== 'unknown' && leader.group === group && !leader.dead) return true;
  const pids = unlessRefused(everyPid, null);
  if (pids === null) return true;
  return pids.some((pid) => {
    const stat = askStat(pid);
    return stat === 'unknown' || (stat !== null && stat.group === group && !stat.dead);
  });
};

/** A process group as it can be known again by another monitor. */
export type GroupMark = {
  readonly group: number;
  readonly machine: string;
  readonly startTicks: number;
  /** An earlier version noted neither. */
  readonly host?: string;
  readonly rooted?: boolean;
};

let here: string | null = null;

/** This boot and this container: pids mean nothing outside of them. */
export const machine = (): string | null => {
  // It never changes while this process lives, and may not be readable later.
  here ??= thisBoot();
  return here;
};

/** What does nothing but run and reap one program: with that one it ends. */
const reapers = /^(?:tini|docker-init|dumb-init|catatonit|podman-init)$/;

/** The processes of this pid namespace end with this process. */
const isRooted = (): boolean => {
  if (process.pid === 1) return true;
  if (process.ppid !== 1) return false;
  return unlessRefused(() => reapers.test(readFileSync('/proc/1/comm', 'utf8').trim()), false);
};

let origin: Origin | undefined;

export const originHere = (): Origin => {
  // The host's name may change while it runs: it is the one under which things are remembered from now on.
  origin = { machine: machine(), host: hostname(), rooted: origin?.rooted ?? isRooted() };
  return origin;
};

export const originOf = ({ machine: where, host, rooted }: GroupMark): Origin => ({
  machine: where,
  host: host ?? null,
  rooted: rooted ?? null,
});

/** The mark of a group whose leader lives; `null` where it could not be known again. */
export const markGroup = (group: number): GroupMark | null => {
  const stat = askStat(group);
  const { machine: where, host, rooted } = originHere();
  return stat === null || stat === 'unknown' || where === null
    ? null
    : {
        group,
        machine: where,
        startTicks: stat.mark,
        ...(host === null ? {} : { host }),
        ...(rooted === null ? {} : { rooted }),
      };
};

/** Whether it is still that group. While any member lives, no other process can get the leader's pid. */
export const isSameGroup = ({ group, machine: where, startTicks }: GroupMark): boolean => {
  const leader = askStat(group);
  const isLeader = leader === null || leader === 'unknown' || leader.mark === startTicks;
  return where === machine() && isLeader && groupLives(group);
};
