import { readFileSync } from 'node:fs';
import { unlessRefused } from '@sentinel/heartbeat-core';
import { startsAgainInMs, type Unit, unitOfGroup, unitProperties } from '../../../custody/unit.ts';

/** systemd that does not answer within this is not waited for, in ms. */
const longestAnswerMs = 2000;

export const unitOf = (pid: number): Unit | null =>
  // Whatever the reason is: what cannot be read is not known.
  unlessRefused(() => unitOfGroup(readFileSync(`/proc/${pid}/cgroup`, 'utf8')), null);

/** Asks systemd itself. A monitor in a container, or walled off from it, gets no answer. */
export const unitStartsAgainInMs = ({ name, user }: Unit): number | null => {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout, error } = spawnSync(
    'systemctl',
    [...(user === null ? [] : ['--user']), ...['show', '--property', unitProperties.join(','), '--', name]],
    {
      encoding: 'utf8',
      timeout: longestAnswerMs,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        PATH: '/bin:/usr/bin',
        LC_ALL: 'C',
        ...(user === null ? {} : { XDG_RUNTIME_DIR: `/run/user/${user}` }),
      },
    },
  );
  if (error !== undefined || status !== 0) return null;
  // The clock by which systemd dates, and not the one of the machine's uptime: that one goes on while the machine sleeps.
  return startsAgainInMs(stdout, Number(process.hrtime.bigint()) / 1e6);
};
