import { readFileSync, readlinkSync } from 'node:fs';
import { unlessRefused } from './system-error.ts';

/**
 * This start of this machine and the pid namespace of this process, `<boot id> <pid namespace>`: within them a pid names
 * one process, whatever the machine is called. `null` on systems that do not say.
 */
export const thisBoot = (): string | null => {
  if (process.platform !== 'linux') return null;
  // No /proc, or one that may not be read: a beat without it is a beat all the same.
  return unlessRefused(() => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  }, null);
};
