import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { printedOn } from '../src/guide.ts';
import { lackOf } from '../src/needs.ts';
import { sh, until } from '../src/sh.ts';
import { startVps, type Vps } from '../src/vps.ts';

const lack = lackOf('vps', 'my bot on this VPS');
const page = 'operation/own-bot.md';

describe.skipIf(lack !== undefined)('my bot on this VPS', () => {
  let vps: Vps;
  const folder = '/home/trader/mybot';
  const asTrader = (line: string) => vps.ssh(`runuser -u trader -- sh -c 'cd ${folder} && ${line}'`);
  const asRoot = (line: string) => vps.ssh(`cd ${folder} && ${line}`);
  // The brackets: a shell that looks for these words would find itself.
  const botPid = () => vps.ssh('pgrep -x -f "[p]ython3 bot.py" || true');
  const healthy = () =>
    until('the bot is healthy', async () =>
      (await asTrader('sentinel check || true')).includes('HEARTBEAT OK'),
    );
  const units = () => vps.ssh('ls /etc/systemd/system | grep ^sentinel- || true');

  beforeAll(async () => {
    vps = await startVps();
    // As npm install -g lays it out.
    const home = join(vps.root, 'usr/local/lib/node_modules/@sentinel/sentinel');
    await sh(`mkdir -p '${home}' && cd '${repository}/apps/sentinel' && cp -r package.json data dist '${home}'
      ln -s ../lib/node_modules/@sentinel/sentinel/dist/index.js '${vps.root}/usr/local/bin/sentinel'`);
    await vps.ssh('apt-get -qq install -y --no-install-recommends python3 && useradd -m trader');
    await vps.ssh(`runuser -u trader -- mkdir ${folder}`);
    const loop =
      '\nimport time\nwhile True:\n    update_heartbeat_status("✅ Working")\n    time.sleep(0.2)\n';
    writeFileSync(
      join(vps.root, folder, 'bot.py'),
      `${printedOn(page, '2. Let the bot beat', 'import json')}\n${loop}`,
    );
  });
  afterAll(async () => {
    await vps?.stop();
  });

  test('a dry run shows the services and changes nothing; only root writes them', async () => {
    const line = printedOn(page, '3. See what would be written', 'sentinel install-service --bot-command');
    const shown = await asTrader(line.replaceAll("'", `"`));
    expect(shown).toContain('--- /etc/systemd/system/sentinel-mybot-monitor.service');
    expect(shown).toContain('Nothing was changed');
    expect(await asTrader('sentinel install-service --apply 2>&1 || true')).toContain('run it with sudo');
    expect(await units()).toBe('');
  });

  test('the monitor runs the bot, restarts one that hangs, and shows it on the page; a reboot changes nothing', async () => {
    const line = printedOn(page, '4. Do it', 'sudo sentinel').split('\n')[0] ?? '';
    await asRoot(`${line.replace('sudo ', '')} -- --max-age 3s --startup-grace 30s`);
    expect(await vps.ssh('systemd-analyze verify /etc/systemd/system/sentinel-mybot-*.service 2>&1')).toBe(
      '',
    );
    await healthy();
    expect(await vps.ssh('ps -o user= -p "$(systemctl show -P MainPID sentinel-mybot-monitor)"')).toBe(
      'trader',
    );
    expect(await vps.ssh('curl -fsS http://127.0.0.1:5000/')).toContain('<script type="module"');
    expect(await vps.ssh('curl -fsS http://127.0.0.1:5000/api/heartbeat/status')).toContain(
      '"health":"healthy"',
    );

    const before = await botPid();
    await vps.ssh(`kill -STOP ${before}`);
    await until('another bot runs', async () => ![before, ''].includes(await botPid()), {
      timeoutMs: 120_000,
    });
    await healthy();
    expect(await botPid()).toMatch(/^\d+$/);

    await vps.reboot();
    await healthy();
  });

  test('uninstall ends the services and the bot, and leaves the folder', async () => {
    expect(await asRoot('sentinel install-service --uninstall')).toContain('Would stop and remove');
    await asRoot('sentinel install-service --uninstall --apply');
    expect(await units()).toBe('');
    expect(await botPid()).toBe('');
    expect(await vps.ssh(`ls ${folder}`)).toBe('bot.py\nlogs');
  });

  test('a bot with a unit of its own, whose status file lies elsewhere, is restarted through that unit', async () => {
    const elsewhere = '/home/trader/run of it';
    const file = `${elsewhere}/logs/heartbeat_status.txt`;
    await vps.ssh(
      `runuser -u trader -- mkdir -p '${elsewhere}/logs'
      printf '[Service]\\nUser=trader\\nWorkingDirectory=${elsewhere}\\nExecStart=/usr/bin/python3 ${folder}/bot.py\\n' >/etc/systemd/system/mybot.service
      systemctl daemon-reload && systemctl start mybot
      printf 'HEARTBEAT_STATUS_FILE="${file}"\\n' >${folder}/.env && chown trader ${folder}/.env && rm ${folder}/logs/heartbeat_status.txt`,
    );
    await asRoot(
      `sentinel install-service --bot-unit mybot --file '${file}' --apply -- --max-age 3s --startup-grace 30s`,
    );
    await healthy();
    const mainPid = () => vps.ssh('systemctl show -P MainPID mybot');
    const before = await mainPid();
    await vps.ssh(`kill -STOP ${before}`);
    await until(
      'systemd has started another one',
      async () => {
        const now = await mainPid();
        return now !== before && now !== '0';
      },
      { timeoutMs: 240_000 },
    );
    await healthy();
    await asRoot('sentinel install-service --uninstall --apply');
    expect(await vps.ssh('systemctl is-active mybot')).toBe('active');
  });
});
