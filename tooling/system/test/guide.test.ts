import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { type Desk, deskFor } from '../src/desk.ts';
import { printed, printedOn } from '../src/guide.ts';
import { lackOf } from '../src/needs.ts';
import { until } from '../src/sh.ts';
import { startVps, type Vps } from '../src/vps.ts';

const lack = lackOf('vps', 'the guide');
const site = 'sentinel.example.org';
const deploy = './scripts/deploy_to_contabo.sh';

// A server comes without Node. What nodejs.org would send it stands in a folder there.
const nodeVersion = /^NODE_VERSION=(.*)$/m.exec(
  readFileSync(join(repository, 'scripts/prepare-release.sh'), 'utf8'),
)?.[1];
const nodejsOrg = `
  set -e; case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
  name=node-v${nodeVersion}-linux-$arch; mkdir -p /root/site/$name/bin && cd /root/site && mv /usr/local/bin/node $name/bin/
  tar -cf - $name | gzip -1 >$name.tar.gz && sha256sum $name.tar.gz >sums
  cat >/usr/local/bin/curl <<'END'
#!/bin/sh
for url; do :; done
case $url in https://nodejs.org/*) exec cp "/root/site/$(basename "$url")" . ;; esac
exec /usr/bin/curl "$@"
END
  chmod +x /usr/local/bin/curl`;

// Its steps in its order, with its own commands; the address that it uses is the server's here.
describe.skipIf(lack !== undefined)('the guide to a VPS', () => {
  let vps: Vps;
  let desk: Desk;
  let release = '';

  /** At the desk of whoever deploys: in their clone, with their key in its usual place. */
  const here = async (command: string) => {
    const outcome = await vps.here(`cd '${desk.clone}' && ${command}`, { env: { HOME: desk.home } });
    expect(outcome.code, `${command}\n${outcome.output}`).toBe(0);
    return outcome.output;
  };
  const healthy = () =>
    until('--status says healthy', async () => (await desk.deploy('--status')).code === 0, {
      timeoutMs: 120_000,
    });
  const beat = async () =>
    JSON.parse(await vps.ssh('sed -n 3p /opt/sentinel/shared/logs/heartbeat_status.txt'));
  /** From outside: a request to the site, with the authority of its own certificates. */
  const ask = (words: string) =>
    vps.here(
      `curl -sS -m 20 --cacert '${vps.folder}/authority.crt' --resolve ${site}:443:${vps.address} --resolve ${site}:80:${vps.address} ${words}`,
    );

  beforeAll(async () => {
    vps = await startVps();
    desk = await deskFor(vps);
    // What is deployed is built already: nothing can be fetched here.
    release = `--mode systemd --release '${desk.archive('first')}'`;
  });
  afterAll(async () => {
    await vps?.stop();
  });

  test('2: updates come by themselves, ssh takes keys only, and the firewall lets only ssh in', async () => {
    await vps.ssh(printed('2. First login', 'apt-get update'));
    const settings = await vps.ssh(
      'apt-config dump APT::Periodic && systemctl is-enabled apt-daily-upgrade.timer',
    );
    expect(settings).toContain('APT::Periodic::Unattended-Upgrade "1";');
    expect(await vps.ssh('unattended-upgrade --dry-run --debug 2>&1')).toContain('label=Debian-Security');
    expect(await vps.ssh('sshd -T')).toContain('passwordauthentication no');
    const password = await vps.here(`ssh -o PreferredAuthentications=password root@${vps.address} true`);
    expect(password.output).toContain('Permission denied (publickey)');
    expect(await vps.ssh('ufw status')).toContain('Status: active');

    await vps.ssh('systemd-run -q --unit=neighbour python3 -m http.server 8080');
    await until('it answers there', async () => (await vps.ssh('curl -s 127.0.0.1:8080 || true')) !== '');
    expect((await vps.here(`curl -sS -m 3 http://${vps.address}:8080`)).output).toContain('timed out');
  });

  test('4: a Node that does not arrive whole is not taken', async () => {
    await vps.ssh(nodejsOrg);
    await vps.ssh('cd /root/site && sed s/^[0-9a-f]*/$(printf %064d 0)/ sums >SHASUMS256.txt');
    const outcome = await vps.here(`cd '${desk.clone}' && ${printed('4. Deploy', deploy)} ${release}`, {
      env: { HOME: desk.home },
    });
    expect(outcome).toMatchObject({ code: 4, output: expect.stringContaining('cannot be prepared') });
    expect(await vps.ssh('tail -n 3 /opt/sentinel/deploy.log; ls /opt/sentinel')).toMatch(
      /FAILED(?!.*current)/s,
    );
    await vps.ssh('cp /root/site/sums /root/site/SHASUMS256.txt');
  });

  test('4: the first deployment brings Node along, and ends healthy', async () => {
    await here(`${printed('4. Deploy', deploy)} ${release}`);
    expect(await vps.ssh('readlink -f /opt/sentinel/bin/node')).toBe('/opt/sentinel/node/bin/node');
    expect((await vps.here(`curl -sS -m 3 http://${vps.address}:5000/livez`)).code).not.toBe(0);
  });

  test('5: a hung bot, a killed monitor and a reboot are survived', async () => {
    const [status = '', hang = ''] = printed('5. A restart drill', deploy).split('\n');
    expect(await here(status)).toContain('HEARTBEAT OK');
    const { instance } = await beat();
    await here(hang);
    await until('a new start of it beats', async () => (await beat()).instance !== instance);
    await healthy();

    const [kill = '', reboot = ''] = printed('5. A restart drill', 'ssh').split('\n');
    const monitor = 'systemctl show -P MainPID sentinel-monitor';
    const [pid, boot] = [await vps.ssh(monitor), await vps.ssh('stat -c %Y /run/systemd/system')];
    await here(kill);
    await until('another monitor runs', async () => !['0', pid].includes(await vps.ssh(monitor)));
    await healthy();
    await vps.here(reboot);
    await until('it has started again', async () => {
      const { code, output } = await vps.here(`ssh root@${vps.address} stat -c %Y /run/systemd/system`);
      return code === 0 && output.trim() !== boot;
    });
    await healthy();
    expect(await vps.ssh('systemctl is-active ufw')).toBe('active');
  });

  test('6: a tunnel shows the page', async () => {
    const page = 'curl -sS --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:5000/';
    const tunnel = printed('6. The API from outside', 'ssh -N');
    expect(await here(`{ ${tunnel} & tunnel=$!; ${page}; kill $tunnel; }`)).toContain('<title>');
  });

  describe('6: TLS in front', () => {
    const token = 'r'.repeat(64);
    const signedIn = `-H 'Authorization: Bearer ${token}'`;
    const streams = async () =>
      (await ask(`https://${site}/metrics ${signedIn}`)).output.match(/^sentinel_api_streams (\d+)/m)?.[1];

    test('the guide sets it up', async () => {
      await vps.ssh(
        `printf 'SENTINEL_READ_TOKEN=${token}\\nSENTINEL_ALLOWED_HOSTS=${site}\\nSENTINEL_TRUSTED_PROXIES=127.0.0.1\\n' >>/opt/sentinel/shared/.env`,
      );
      await here(`${printed('4. Deploy', deploy)} ${release}`);
      await vps.ssh(printed('6. The API from outside', 'apt-get install'));
      // No authority of the world vouches for this machine: its own does.
      const file = `{\n  local_certs\n  skip_install_trust\n}\n${printed('6. The API from outside', site)}\n`;
      await vps.ssh(`cat >/etc/caddy/Caddyfile <<'END'\n${file}END\nsystemctl reload caddy`);
      const authority = '/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt';
      await until('it has a certificate', async () => {
        await vps.here(`cp '${vps.root}${authority}' '${vps.folder}/authority.crt'`);
        return (await ask(`https://${site}/livez`)).code === 0;
      });
    });

    test('https reaches page and API, and http is sent there', async () => {
      expect((await ask(`--compressed https://${site}/`)).output).toContain('<title>');
      expect((await ask(`https://${site}/api/heartbeat/status`)).output).toContain('401');
      const status = await ask(`https://${site}/api/heartbeat/status ${signedIn}`);
      expect(JSON.parse(status.output)).toMatchObject({ health: 'healthy' });
      expect((await ask(`-o /dev/null -w '%{http_code} %{redirect_url}' http://${site}/`)).output).toBe(
        `308 https://${site}/`,
      );
    });

    test.each(['', '--compressed'])('events of the live stream pass as they come %s', async (flag) => {
      const stream = `https://${site}/api/heartbeat/stream ${flag} ${signedIn}`;
      // 28: in its time curl did not see as many.
      const pipe = `-N ${stream} | grep -m 4 '^event: status'; test "\${PIPESTATUS[0]}" -ne 28`;
      const { code, output } = await ask(pipe);
      expect(code, output).toBe(0);
      await until('a stream whose reader has left is ended', async () => (await streams()) === '0');
    });

    test('nothing else is open', async () => {
      for (const port of [5000, 8080])
        expect((await vps.here(`curl -sS -m 3 http://${vps.address}:${port}`)).code).not.toBe(0);
    });
  });

  test("the command of the operator's pages works there, by hand and from cron", async () => {
    const command = printedOn('operation/README.md', 'The command', 'sentinel-monitor() { sh');
    expect(await vps.ssh(`${command}\nsentinel-monitor status`)).toContain('watched by a monitor');
    const cron = printedOn('operation/external-monitoring.md', 'Cron, Nagios, Icinga', 'MAILTO');
    const [, line = ''] = /^\*\/5 \* \* \* \* root (.*)$/m.exec(cron) ?? [];
    const look = async () => vps.ssh(`sh -c "$(cat <<'END'\n${line}\nEND\n)"`);
    await healthy();
    expect(await look()).toBe('');
    await vps.ssh('systemctl stop sentinel-bot');
    expect(await look()).toContain('HEARTBEAT WARNING');
    await vps.ssh('systemctl start sentinel-bot');
    await healthy();
  });

  test('8: a copy of the journal and the settings', async () => {
    await here(printed('8. Backup', 'ssh'));
    expect(await here('cat .env')).toContain('SENTINEL_READ_TOKEN');
    const integrity = `sqlite3 /root/sentinel.db 'pragma integrity_check; select count(*) > 0 from beats'`;
    expect(await vps.ssh(integrity)).toBe('ok\n1');
    const line = printed('8. Backup', '15 3 * * * root ');
    // As cron reads it: of a line of its own folder the part after the user, in which \% is %.
    const daily = line.replace('15 3 * * * root ', '').replaceAll('\\%', '%');
    await vps.ssh(`sh -c "$(cat <<'END'\n${daily}\nEND\n)" && test -s /var/backups/sentinel-$(date +%u).db`);
  });

  test('9: a move to another host takes settings and logs along', async () => {
    const lines = printed('9. Moving to another host', deploy)
      .replaceAll(/OLD|NEW/g, vps.address)
      .split('\n');
    const [uninstall = '', pack = '', unpack = '', install = '', status = ''] = lines;
    await vps.ssh('touch /opt/sentinel/shared/logs/brought');
    await here(uninstall);
    await here(pack);
    // The same machine, as new as one that was never deployed to.
    await vps.ssh('rm -r /opt/sentinel && userdel sentinel');
    await here(unpack);
    await here(`${install} ${release}`);
    expect(await here(status)).toContain('HEARTBEAT OK');
    expect(await vps.ssh('ls /opt/sentinel/shared/logs; cat /opt/sentinel/shared/.env')).toMatch(
      /brought[\s\S]*SENTINEL_READ_TOKEN/,
    );
  });
});
