import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, deskFor } from '../src/desk.ts';
import { type Engine, startEngine } from '../src/engine.ts';
import { printed } from '../src/guide.ts';
import { importStandIns, standInImages } from '../src/images.ts';
import { lackOf } from '../src/needs.ts';
import { until } from '../src/sh.ts';
import { outside, startVps, type Vps } from '../src/vps.ts';
import { startWebhook, type Webhook } from '../src/webhook.ts';

const lack = lackOf('vps', 'vps');

const code = { done: 0, unfit: 4, upload: 5, rolledBack: 6, broken: 7, busy: 8, cut: 255 } as const;

describe.skipIf(lack !== undefined)('a server', () => {
  let vps: Vps;
  let desk: Desk;
  let webhook: Webhook;
  const current = () => vps.ssh('basename "$(readlink /opt/sentinel/current 2>/dev/null)" || true');
  const env = () => `--env-file '${vps.folder}/env'`;
  const release = (name: string) => `--release '${desk.archive(name)}'`;

  beforeAll(async () => {
    vps = await startVps();
    webhook = await startWebhook(outside);
    desk = await deskFor(vps, { SLACK_WEBHOOK_URL: webhook.url, SIGNAL_API_KEY: 'key-of-the-bot' });
    // Behind its firewall, as everybody's is who follows the guide.
    await vps.ssh(printed('2. First login', 'apt-get update'));
  });
  afterAll(async () => {
    await vps?.stop();
    webhook?.stop();
  });

  describe('before anything is changed', () => {
    test('a host key that is not known, or another one, ends it', async () => {
      const known = join(vps.folder, 'known_hosts');
      const { output: line } = await vps.here(`cat '${known}'`);
      await vps.here(`ssh-keygen -q -t ed25519 -N '' -f '${vps.folder}/other'`);
      const other = (await vps.here(`cut -d' ' -f1-2 '${vps.folder}/other.pub'`)).output;
      for (const keys of ['', `${vps.address} ${other}`]) {
        writeFileSync(known, keys);
        const outcome = await desk.deploy(`--mode systemd ${env()} ${release('first')}`);
        expect(outcome.code).toBe(code.cut);
        expect(outcome.output).toContain('compare the fingerprint');
      }
      writeFileSync(known, line);
    });

    test('a user who may not become root, a full disk and a missing .env end it', async () => {
      const noRoot = await desk.deploy(`--mode systemd ${env()} ${release('first')}`, { user: 'ops' });
      expect(noRoot).toMatchObject({
        code: code.unfit,
        output: expect.stringContaining('may not become root'),
      });
      await vps.ssh('mount -t tmpfs -o size=50m tmpfs /opt');
      const noSpace = await desk.deploy(`--mode systemd ${env()} ${release('first')}`);
      expect(noSpace).toMatchObject({ code: code.unfit, output: expect.stringContaining('MB are needed') });
      await vps.ssh('umount /opt');
      const noEnv = await desk.deploy(`--mode systemd ${release('first')}`);
      expect(noEnv).toMatchObject({ code: code.unfit, output: expect.stringContaining('--env-file') });
    });

    test('a dry run changes nothing', async () => {
      const { code: ended, output } = await desk.deploy(
        `--mode systemd ${env()} ${release('first')} --dry-run`,
      );
      expect(ended, output).toBe(code.done);
      expect(await vps.ssh('ls -A /opt /root')).not.toContain('sentinel');
    });

    test('an upload that breaks off leaves nothing deployed', async () => {
      const slow = join(vps.folder, 'slow');
      await vps.here(
        `mkdir '${slow}' && printf '#!/bin/sh\\nexec ${vps.folder}/bin/scp -l 2000 "$@"\\n' >'${slow}/scp' && chmod +x '${slow}/scp'`,
      );
      const run = desk.deploy(`--mode systemd ${env()} ${release('first')}`, { path: slow });
      await until('the upload has begun', async () => (await vps.ssh('ls /root')).includes('sentinel-'));
      await vps.link('down');
      expect((await run).code).toBe(code.upload);
      await vps.link('up');
      expect(await vps.ssh('ls -A /opt')).not.toContain('sentinel');
    });

    test('one that arrives damaged is not unpacked', async () => {
      const damage = join(vps.folder, 'damage');
      await vps.here(
        `mkdir '${damage}' && printf '#!/bin/sh\\n${vps.folder}/bin/scp "$@" && ${vps.folder}/bin/ssh root@${vps.address} "truncate -s -1 sentinel-*.gz"\\n' >'${damage}/scp' && chmod +x '${damage}/scp'`,
      );
      const outcome = await desk.deploy(`--mode systemd ${env()} ${release('first')}`, { path: damage });
      expect(outcome).toMatchObject({
        code: code.upload,
        output: expect.stringContaining('checksum differs'),
      });
      expect(await vps.ssh('ls -A /opt/sentinel/releases')).toBe('');
    });

    test('while another deployment runs, nothing is begun', async () => {
      await vps.ssh('systemd-run -q --unit=another flock /opt/sentinel/.lock sleep infinity');
      await until(
        'it holds the lock',
        async () => (await vps.ssh('flock -n /opt/sentinel/.lock true || echo held')) === 'held',
      );
      const outcome = await desk.deploy(`--mode systemd ${env()} ${release('first')}`);
      expect(outcome).toMatchObject({
        code: code.busy,
        output: expect.stringContaining('another deployment'),
      });
      await vps.ssh('systemctl stop another');
    });

    test('a first release that is broken is stopped, for there is none to go back to', async () => {
      const outcome = await desk.deploy(`--mode systemd ${env()} ${release('broken')} --within 5`);
      expect(outcome).toMatchObject({ code: code.broken, output: expect.stringContaining('is stopped') });
      expect(await vps.ssh('systemctl is-active sentinel-bot sentinel-monitor sentinel-api || true')).toBe(
        'inactive\ninactive\ninactive',
      );
    });
  });

  describe.each(['systemd', 'docker'] as const)('in mode %s', (mode) => {
    let first = '';

    test('is ready', async () => {
      if (mode === 'systemd') return;
      // As on another server, to which settings and logs were brought.
      await vps.ssh(`cd /opt/sentinel && tar -C shared -czf /root/shared.tar.gz . && rm -r shared && mkdir shared
        tar -C shared -xzf /root/shared.tar.gz --no-same-owner && touch shared/logs/brought`);
      const engine: Engine = await startEngine();
      try {
        await importStandIns(engine);
        const {
          SENTINEL_NODE_IMAGE: a,
          SENTINEL_DOCKER_CLI_IMAGE: b,
          SENTINEL_PROXY_IMAGE: c,
        } = standInImages;
        await engine.sh(`docker save ${a} ${b} ${c} -o '${vps.root}/root/images.tar'`);
      } finally {
        await engine.stop();
      }
      await vps.ssh('docker load -qi /root/images.tar && rm /root/images.tar');
    });

    test('a first deployment ends healthy', async () => {
      const settings = mode === 'systemd' ? env() : '';
      const { code: ended, output } = await desk.deploy(`--mode ${mode} ${settings} ${release('first')}`);
      expect(ended, `${output}\n${await vps.ssh('tail -30 /opt/sentinel/deploy.log')}`).toBe(code.done);
      first = await current();
      expect(await vps.ssh('stat -c "%a %U" /opt/sentinel/shared/.env')).toBe('600 root');
      expect(await vps.ssh('ls /opt/sentinel/shared/data')).toContain('bot.db');
      expect(await vps.ssh('stat -c %a /opt/sentinel/shared/data')).toBe('700');
      const status = JSON.parse(await vps.ssh('curl -sS http://127.0.0.1:5000/api/heartbeat/status'));
      expect(status.status).not.toContain('❓');
      expect((await vps.here(`curl -sS -m 3 http://${vps.address}:5000/livez`)).code).not.toBe(0);
      if (mode === 'systemd') {
        expect(await vps.ssh('cat /etc/systemd/journald@sentinel.conf')).toContain('SystemMaxUse=200M');
        expect(await vps.ssh('ls /var/log/journal')).toContain('.sentinel');
      } else expect(await vps.ssh('ls /opt/sentinel/shared/logs')).toContain('brought');
    });

    test('what root runs belongs to root, and nobody else may write it, whatever the archive says', async () => {
      const here =
        '/opt/sentinel/releases /opt/sentinel/bin /opt/sentinel/env /etc/systemd/system/sentinel-*';
      const loose = `for at in ${here}; do [ ! -e $at ] || find $at ! -type l \\( ! -user root -o -perm /022 \\); done`;
      expect(await vps.ssh(loose)).toBe('');
    });

    if (mode === 'systemd')
      test("monitor and API get none of the bot's settings, and see neither its data nor .env", async () => {
        const pidOf = async (unit: string) => vps.ssh(`systemctl show -P MainPID sentinel-${unit}`);
        const environment = async (unit: string) =>
          vps.ssh(`tr '\\0' '\\n' </proc/${await pidOf(unit)}/environ`);
        expect(await environment('bot')).toContain('SIGNAL_API_KEY=key-of-the-bot');
        for (const unit of ['monitor', 'api']) {
          expect(await environment(unit), unit).not.toMatch(/key-of-the-bot|BULENOX/);
          const seen = 'cd /opt/sentinel/shared && cat .env && ls -A data';
          expect(await vps.ssh(`nsenter -t ${await pidOf(unit)} -m sh -c '${seen}'`), unit).toBe('');
        }
      });

    test('the same again changes nothing', async () => {
      const beat = await vps.ssh('sed -n 3p /opt/sentinel/shared/logs/heartbeat_status.txt');
      const { code: ended, output } = await desk.deploy(`--mode ${mode} ${env()} ${release('first')}`);
      expect(ended, output).toBe(code.done);
      expect(output).toContain('nothing to do');
      const later = JSON.parse(await vps.ssh('sed -n 3p /opt/sentinel/shared/logs/heartbeat_status.txt'));
      expect(later.instance).toBe(JSON.parse(beat).instance);
    });

    test('settings changed on the server are taken by the same again', async () => {
      const beat = async () =>
        JSON.parse(await vps.ssh('sed -n 3p /opt/sentinel/shared/logs/heartbeat_status.txt'));
      const { instance } = await beat();
      await vps.ssh('echo SENTINEL_BOT_NAME=renamed >>/opt/sentinel/shared/.env');
      const { code: ended, output } = await desk.deploy(`--mode ${mode} ${env()} ${release('first')}`);
      expect(ended, output).toBe(code.done);
      expect((await beat()).instance).not.toBe(instance);
      expect(await vps.ssh('cat /opt/sentinel/shared/.env')).toContain('SENTINEL_BOT_NAME=renamed');
      expect(output).toContain('kept as it is');
    });

    test('a broken release rolls back', async () => {
      const { code: ended, output } = await desk.deploy(`--mode ${mode} ${release('broken')} --within 20`);
      expect(ended, output).toBe(code.rolledBack);
      expect(await current()).toBe(first);
      await until('it is healthy', async () => (await desk.deploy('--status')).code === code.done);
    });

    test('a connection cut half-way does not leave it half-done', async () => {
      const run = desk.deploy(`--mode ${mode} ${release('second')}`);
      await until('it is being switched', async () => (await current()) !== first, { everyMs: 50 });
      await vps.link('down');
      expect((await run).code).toBe(code.cut);
      await vps.link('up');
      await until('the server is done', async () => (await desk.deploy('--status')).code === code.done);
      expect(await current()).not.toBe(first);
    });

    test('--rollback goes back, by a user who may become root as well', async () => {
      await vps.ssh('echo "ops ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/ops');
      const back = () => desk.deploy('--rollback', { user: 'ops' });
      await until('no deployment runs', async () => (await back()).code === code.done);
      expect(await current()).toBe(first);
      const again = await desk.deploy(`--mode ${mode} ${env()} ${release('second')}`, { user: 'ops' });
      expect(again.code, again.output).toBe(code.done);
      await vps.ssh('rm /etc/sudoers.d/ops');
    });

    test('a bot that hangs is restarted, and its owner is told', async () => {
      webhook.forget();
      const beat = async () =>
        JSON.parse(await vps.ssh('sed -n 3p /opt/sentinel/shared/logs/heartbeat_status.txt'));
      const { instance } = await beat();
      await vps.ssh(`pkill -STOP -f '[b]ot/dist/index.js'`);
      const took = await until(
        'another start of it beats',
        async () => (await beat()).instance !== instance,
        {
          timeoutMs: 120_000,
        },
      );
      console.log(`${mode}: a hung bot's next start beat after ${took} ms`);
      // So soon after the one of the other mode it is a flap: that it is over is told when that has lasted.
      for (const what of [/is stale/, /has recovered|restart \d+ worked/i]) await webhook.posted(what);
      await until('it is healthy', async () => (await desk.deploy('--status')).code === code.done);
    });

    if (mode === 'systemd')
      test('a folder in the place of the wish for a restart is one wish, and not one after the other', async () => {
        const start = async () => vps.ssh('systemctl show -P InvocationID sentinel-bot');
        const before = await start();
        await vps.ssh('install -d -o sentinel -g sentinel /run/sentinel/restart-bot/inner');
        await until('the bot has been restarted', async () => (await start()) !== before);
        const after = await start();
        await until('it is healthy', async () => (await desk.deploy('--status')).code === code.done);
        expect(await start()).toBe(after);
        expect(await vps.ssh('ls -A /run/sentinel')).not.toContain('restart-bot');
      });

    if (mode === 'systemd')
      test('a service that hangs is ended by systemd, and comes back', async () => {
        // As the units have it, but in seconds.
        const quick = '[Service]\\nWatchdogSec=10\\nTimeoutAbortSec=2\\n';
        const units = ['monitor', 'api'].map((name) => `sentinel-${name}.service`);
        for (const unit of units)
          await vps.ssh(
            `mkdir -p /run/systemd/system/${unit}.d && printf '${quick}' >/run/systemd/system/${unit}.d/quick.conf`,
          );
        await vps.ssh(`systemctl daemon-reload && systemctl restart ${units.join(' ')}`);
        const pidOf = async (unit: string) => (await vps.ssh(`systemctl show -P MainPID ${unit}`)).trim();
        for (const unit of units) {
          const pid = await pidOf(unit);
          await vps.ssh(`kill -STOP ${pid}`);
          await until(
            `systemd has started ${unit} anew`,
            async () => !['0', pid].includes(await pidOf(unit)),
            {
              timeoutMs: 120_000,
            },
          );
        }
        await vps.ssh(`rm -r ${units.map((unit) => `/run/systemd/system/${unit}.d`).join(' ')}
        systemctl daemon-reload && systemctl restart ${units.join(' ')}`);
        await until('it is healthy', async () => (await desk.deploy('--status')).code === code.done);
      });

    if (mode === 'systemd')
      test('a bot that systemd starts again after a wait is left to systemd: there is one', async () => {
        const bot = `import { appendFileSync, writeFileSync } from 'node:fs';
appendFileSync('pids', process.pid + '\\n');
setInterval(() => writeFileSync('logs/heartbeat_status.txt', 'beats\\n' + new Date().toISOString() + '\\n{"session_active": true}'), 500);`;
        await vps.ssh(`mkdir -p /srv/kept/logs && cat >/srv/kept/bot.mjs <<'END'\n${bot}\nEND`);
        const run = 'systemd-run --quiet --working-directory=/srv/kept';
        const waits = '--property=Restart=always --property=RestartSec=15';
        await vps.ssh(`${run} --unit=kept-bot ${waits} /opt/sentinel/bin/node bot.mjs`);
        await until('it beats', async () =>
          (await vps.ssh('ls /srv/kept/logs')).includes('heartbeat_status'),
        );
        const monitor = '/opt/sentinel/current/.release/apps/monitor/dist/index.js --no-notify --max-age 5';
        await vps.ssh(
          `${run} --unit=kept-monitor /opt/sentinel/bin/node ${monitor} --restart '/opt/sentinel/bin/node bot.mjs'`,
        );
        const log = () => vps.ssh('cat /srv/kept/logs/heartbeat_monitor.log || true');
        await until('the monitor knows it', async () => (await log()).includes('would be ended first'));
        await vps.ssh('kill -KILL $(systemctl show -P MainPID kept-bot)');
        await until('it is told', async () => (await log()).includes('systemd is going to start it again'));
        const starts = async () => (await vps.ssh('cat /srv/kept/pids')).split('\n').length;
        await until('systemd has started it', async () => (await starts()) === 2, { timeoutMs: 60_000 });
        await vps.ssh('sleep 12');
        expect(await starts()).toBe(2);
        await vps.ssh('systemctl stop kept-monitor kept-bot; rm -r /srv/kept');
      });

    test('everything comes back by itself after a reboot', async () => {
      await vps.reboot();
      await until('it is healthy', async () => (await desk.deploy('--status')).code === code.done, {
        timeoutMs: 120_000,
      });
      const uptime = Number((await vps.ssh('stat -c %Y /run/systemd/system')).trim()) * 1000;
      const beat = JSON.parse(await vps.ssh('sed -n 3p /opt/sentinel/shared/logs/heartbeat_status.txt'));
      expect(Date.parse(beat.started_at)).toBeGreaterThan(uptime);
    });

    test('--logs shows them, --uninstall keeps the data', async () => {
      const logs = await desk.deploy('--logs');
      expect(logs.code).toBe(code.done);
      expect(logs.output).toMatch(mode === 'systemd' ? /Started sentinel-bot/ : /trading-sentinel/);
      const { code: ended, output } = await desk.deploy('--uninstall');
      expect(ended, output).toBe(code.done);
      expect(await vps.ssh(`pgrep -fc '[b]ot/dist/index.js' || true`)).toBe('0');
      expect(await vps.ssh('ls /opt/sentinel/shared/logs')).toContain('heartbeat_status.txt');
    });

    if (mode === 'docker')
      test('--uninstall --delete-data leaves nothing', async () => {
        const { code: ended, output } = await desk.deploy('--uninstall --delete-data');
        expect(ended, output).toBe(code.done);
        const left =
          'ls -A /opt /var/log/journal; getent passwd sentinel; docker ps -a; docker images; docker volume ls -q';
        expect(await vps.ssh(`(${left}) 2>&1 || true`)).not.toMatch(/sentinel|trading/);
      });
  });
});
