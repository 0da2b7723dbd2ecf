import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { attempt } from './sh.ts';

/** A run's folder is named by this and the id of its process. */
export const prefix = 'sentinel-system-';

/**
 * The command, in a process namespace with network and mounts of its own. Engines, containers and whole servers
 * that it starts end when this process ends, in whatever way it ends, and nothing of them shows outside. The
 * machine's own network is /run/netns/outside.
 */
export const boxed = (folder: string, command: readonly string[]): string[] => [
  ...['setpriv', '--pdeathsig', 'KILL'],
  ...['unshare', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'],
  ...['bash', '-c', firstProcess, basename(folder), ...command],
];

// Control groups are the one thing that outlives the box: all of them bear its name ($0).
// bash stays as the first process, and buries whoever is orphaned. The box is a machine of its own, all of whose processes
// can be seen in it: its first process says so by its name.
const firstProcess = `
  echo init >/proc/self/comm
  for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    if [ -e $tree/cgroup.procs ]; then mkdir -p $tree/$0 && echo 0 >$tree/$0/cgroup.procs; fi
  done
  set -e
  mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns
  touch /run/netns/outside && mount --bind /proc/self/ns/net /run/netns/outside
  unshare --net bash -c 'ip link set lo up && exec "$@"' box "$@"
  exit $?`;

/** Removes what a run, which has ended, has left: its folder, and its control groups once they are empty. */
export const removeFolder = async (folder: string): Promise<void> => {
  await attempt(`
    for try in $(seq 40); do
      groups=$(find /sys/fs/cgroup -depth -type d -path '*/${basename(folder)}*')
      [ -n "$groups" ] || break
      echo "$groups" | xargs rmdir 2>/dev/null || sleep 0.25
    done
    rm -rf '${folder}'`);
};

/** Removes what interrupted runs have left. Of one that still runs, nothing is touched. */
export const sweep = async (): Promise<void> => {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    try {
      process.kill(Number.parseInt(name.slice(prefix.length), 10), 0);
    } catch {
      console.log(`sweep   ${folder}, which an interrupted run has left`);
      await removeFolder(folder);
    }
  }
};
