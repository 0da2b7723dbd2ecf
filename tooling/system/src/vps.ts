import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { dockerPlugins, vpsRoot } from './cache.ts';
import { runFolder } from './needs.ts';
import { attempt, type Outcome, type ShOptions, sh, until } from './sh.ts';

// The address that the guide uses: what it prints can be run as it stands.
const address = '203.0.113.10';
/** Where the server finds those who run it. */
export const outside = '203.0.113.1';

export type Vps = {
  readonly address: string;
  readonly folder: string;
  /** The server's root, as seen from here. */
  readonly root: string;
  readonly key: string;
  /** Runs a line of shell here; `ssh` and `scp` know the server's host key, and have a key that it takes. */
  readonly here: (command: string, options?: ShOptions) => Promise<Outcome>;
  /** Runs a line of shell on the server; it has to succeed. */
  readonly ssh: (command: string, options?: ShOptions) => Promise<string>;
  readonly link: (state: 'up' | 'down') => Promise<string>;
  readonly reboot: () => Promise<void>;
  /** Switches it off, and takes it away with its link: the next one finds none. */
  readonly stop: () => Promise<void>;
};

const guestSetup = (root: string, folder: string, plugins: string) => `
  set -e
  mkdir -p '${root}/root/.ssh' '${root}/usr/local/lib/docker/cli-plugins' '${root}/etc/docker' '${root}/etc/systemd/system/docker.service.d'
  ssh-keygen -q -t ed25519 -N '' -f '${folder}/key'
  cp '${folder}/key.pub' '${root}/root/.ssh/authorized_keys'
  chroot '${root}' useradd -m ops
  install -D -o 1000 -m 600 '${folder}/key.pub' '${root}/home/ops/.ssh/authorized_keys'
  cp '${plugins}'/cli-plugins/* '${root}/usr/local/lib/docker/cli-plugins/'
  install -m 755 '${process.execPath}' '${root}/usr/local/bin/node'
  printf '{ "cgroup-parent": "/${runFolder.split('/').at(-1)}" }\\n' >'${root}/etc/docker/daemon.json'
  printf '[Service]\\nExecStartPre=/bin/sh -c "for c in blkio cpuacct memory cpuset cpu freezer devices pids; do mount -o remount,bind,rw /sys/fs/cgroup/$$c; done"\\n' \
    >'${root}/etc/systemd/system/docker.service.d/cgroups.conf'
  echo vps >'${root}/etc/hostname'; : >'${root}/etc/resolv.conf'
  chroot '${root}' ssh-keygen -A
  printf '${address} %s\\n' "$(cut -d' ' -f1-2 '${root}/etc/ssh/ssh_host_ed25519_key.pub')" >'${folder}/known_hosts'
  printf '%s\\n' 'UserKnownHostsFile ${folder}/known_hosts' 'GlobalKnownHostsFile /dev/null' \
    'IdentityFile ${folder}/key' 'IdentitiesOnly yes' 'BatchMode yes' >'${folder}/config'
  mkdir '${folder}/bin'
  for tool in ssh scp; do printf '#!/bin/sh\\nexec /usr/bin/%s -F ${folder}/config "$@"\\n' $tool >'${folder}/bin/'$tool; done
  chmod +x '${folder}'/bin/*`;

// Forwarding is for Docker in the guest, which cannot switch it on itself.
const network = `
  set -e
  ip netns add guest; ip link add d0 type veth peer name v1 netns guest
  ip addr add ${outside}/24 dev d0; ip link set d0 up
  nsenter --net=/run/netns/guest sh -c 'ip link set lo up; ip addr add ${address}/24 dev v1; ip link set v1 up
    echo 1 >/proc/sys/net/ipv4/ip_forward'`;

/** A whole server: systemd, sshd and Docker, reached over a link that can be cut. */
export const startVps = async (): Promise<Vps> => {
  const folder = mkdtempSync(join(runFolder, 'vps-'));
  const root = join(folder, 'root');
  await sh(`cp -a --reflink=auto '${await vpsRoot()}' '${root}'`);
  await sh(guestSetup(root, folder, await dockerPlugins()));
  await sh(network);

  let state: 'on' | 'stopping' | 'off' = 'on';
  const boot = (): void => {
    const log = openSync(join(folder, 'console'), 'a');
    const child = spawn(
      'systemd-nspawn',
      [
        ...['-q', '-D', root, '--boot', '--register=no', '--keep-unit', '--machine=vps'],
        ...['--network-namespace-path=/run/netns/guest', '--console=passive'],
        ...['--capability=CAP_NET_ADMIN', '--drop-capability=CAP_SYS_RESOURCE'],
        '--system-call-filter=add_key keyctl bpf',
      ],
      { stdio: ['ignore', log, log] },
    );
    closeSync(log);
    child.on('exit', (code) => {
      // 133: the guest asked for a reboot.
      if (code === 133 && state === 'on') boot();
      else state = 'off';
    });
  };

  const here = (command: string, options: ShOptions = {}) =>
    attempt(command, {
      ...options,
      env: { PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`, ...options.env },
    });
  const login = `ssh -o BatchMode=yes -o ConnectTimeout=3 -o ServerAliveInterval=5 -i '${folder}/key' root@${address}`;
  const ssh = async (command: string, options: ShOptions = {}) => {
    const { code, output } = await here(`${login} ${quoted(command)}`, options);
    if (code !== 0)
      throw new Error(`on the server, \`${command}\` ended with ${code}:\n${output.slice(-3000)}`);
    return output.trim();
  };

  boot();
  await until('the server answers over ssh', async () => (await here(`${login} true`)).code === 0);
  return {
    address,
    folder,
    root,
    key: join(folder, 'key'),
    here,
    ssh,
    link: (direction) => sh(`ip link set d0 ${direction}`),
    reboot: async () => {
      const bootId = `stat -c %Y /run/systemd/system`;
      const before = await ssh(bootId);
      await here(`${login} systemctl reboot`);
      await until('the server has started again', async () => {
        const { code, output } = await here(`${login} ${bootId}`);
        return code === 0 && output.trim() !== before;
      });
    },
    stop: async () => {
      state = 'stopping';
      await here(`${login} systemctl poweroff`);
      await until('the server is off', async () => state === 'off');
      // A whole Debian with its images takes minutes to remove on a busy disk.
      await sh(`ip link del d0; ip netns del guest; rm -rf --one-file-system '${folder}'`, {
        timeoutMs: 600_000,
      });
    },
  };
};

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
