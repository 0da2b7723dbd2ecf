import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, willTroubleKey } from '@sentinel/history';
import { type BotView, createLastWill } from '@sentinel/monitor';
import { createHttp, type Http, type Notification } from '@sentinel/notify';
import { startNtfy, startSlackApi, type WillService } from '@sentinel/tooling-vitest/will-services';
import { expect, onTestFinished, test } from 'vitest';
import { lastWillOf } from './last-will.ts';
import { willSecrets } from './last-will-form.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const slackToken = `xoxb-${'1'.repeat(12)}`;
const views: readonly BotView[] = [
  {
    ...({
      name: 'alpha',
      state: 'healthy',
      phase: 'up',
      reason: 'fresh',
      standing: '',
      ageMs: 4000,
    } as const),
    ...{ staleInMs: null, restartsLeft: null, incidentSince: null, pausedUntil: null, closed: false },
    ...{ custody: null, exposure: '2 MCL long' },
  },
];

/** What answers in the place of the service. */
const mishaps = {
  refused: { status: 403, text: '{"code":40301,"http":403,"error":"forbidden"}' },
  foreign: { status: 200, text: '<html>sign in</html>' },
  lost: null,
} as const;

/** Monitors one after the other, on a virtual clock, with one journal and one place for a will over real HTTP. */
const openWorld = async (kind: 'ntfy' | 'slack', after?: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-will-'));
  const store = openStore(join(folder, 'sentinel.db'));
  let now = Date.UTC(2026, 0, 5);
  let uplink: boolean | keyof typeof mishaps = true;
  const start = kind === 'ntfy' ? startNtfy : startSlackApi;
  const service: WillService = await start({
    ...{ now: () => now, isUp: () => uplink !== false },
    instead: () => (typeof uplink === 'string' ? mishaps[uplink] : null),
  });
  onTestFinished(() => {
    service.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const place = kind === 'ntfy' ? `ntfy:${service.url}/my-topic` : `slack:${service.url}/C0123456789`;
  const set = lastWillOf({ place, after, ntfyToken: undefined, slackToken });
  if (set === null || typeof set === 'string') throw new Error(`no will: ${set}`);
  const told: Notification[] = [];
  const lines: string[] = [];
  const real = createHttp({ timeoutMs: 5000, now: () => now });
  const asking = new Set<Promise<unknown>>();
  const http: Http = {
    request: (url, init) => {
      const answer = real.request(url, init);
      asking.add(answer);
      return answer.finally(() => asking.delete(answer));
    },
  };
  const begin = (host = 'vps-1', journal = store) =>
    createLastWill({
      ...{ ...set, store: journal, host, name: 'sentinel', isChannel: false, clean: (text: string) => text },
      http,
      notify: (notification) => told.push(notification),
      warn: (line) => lines.push(line),
      clock: { now: () => now, wall: () => now },
    });
  let monitor = begin();
  /** Each step is a look; what it asks of the service is waited for. */
  const live = async (ms: number, stepMs = 20_000) => {
    for (const end = now + ms; now < end; now += stepMs) {
      monitor.worked(views);
      while (asking.size > 0) {
        await Promise.all(asking);
        await new Promise(setImmediate);
      }
    }
  };
  return {
    ...{ service, told, lines, pace: set.pace, live },
    wills: () => service.out().filter(({ scheduled }) => scheduled),
    said: () => service.out().filter(({ scheduled }) => !scheduled),
    trouble: () => store.transact((records) => records.getState(willTroubleKey), null),
    uplink: (is: typeof uplink) => {
      uplink = is;
    },
    pass: (ms: number) => {
      now += ms;
    },
    /** As after `kill -9`. */
    next: () => {
      monitor = begin();
    },
    /** On another machine, with a copy of the journal. */
    copied: (host: string) => {
      const copy = mkdtempSync(join(tmpdir(), 'sentinel-will-'));
      cpSync(folder, copy, { recursive: true });
      const journal = openStore(join(copy, 'sentinel.db'));
      onTestFinished(() => {
        journal.close();
        rmSync(copy, { recursive: true, force: true });
      });
      monitor = begin(host, journal);
    },
    /** In a container that was made anew: another name, the same journal. */
    renamed: (host: string) => {
      monitor = begin(host);
    },
    stop: (isFollowed = false) => monitor.stopped(isFollowed),
  };
};

test.each(['ntfy', 'slack'] as const)(
  '%s: the will of a machine that dies goes out within its horizon',
  async (kind) => {
    const world = await openWorld(kind);
    await world.live(20 * minute);
    expect(world.wills()).toEqual([]);
    expect(world.service.waiting()).toHaveLength(1);
    world.pass(world.pace.horizonMs - world.pace.periodMs - minute);
    expect(world.wills()).toEqual([]);
    world.pass(world.pace.periodMs + minute);
    const [will] = world.wills();
    expect(`${will?.title}${will?.text}`).toMatch(/vps-1: nothing is heard of the monitor/);
    expect(will?.text).toMatch(/alpha: healthy, last heartbeat 2026-01-05 00:1\d:\d\d UTC, 2 MCL long/);

    // The machine is back.
    world.next();
    await world.live(minute);
    expect(world.told).toHaveLength(1);
    expect(world.told[0]).toMatchObject({ kind: 'custom', title: '✅ vps-1: the monitor is heard again' });
    expect(world.said()).toHaveLength(1);
    await world.live(10 * minute);
    expect(world.wills()).toHaveLength(1);
    expect(world.said()).toHaveLength(1);
  },
);

test('a journal that was copied to another machine has a will of its own: the first one still goes out', async () => {
  const world = await openWorld('ntfy');
  await world.live(2 * minute);
  world.copied('vps-2');
  await world.live(20 * minute);
  expect(world.wills()).toMatchObject([{ title: '❌ vps-1: nothing is heard of the monitor' }]);
  expect(world.service.waiting()).toHaveLength(1);
});

test('a container that was made anew puts off the will of the one before', async () => {
  const world = await openWorld('ntfy');
  await world.live(2 * minute);
  world.renamed('0f3a9c');
  await world.live(20 * minute);
  expect(world.wills()).toEqual([]);
  expect(world.service.waiting()).toHaveLength(1);
});

test.each(['ntfy', 'slack'] as const)(
  '%s: a planned stop takes the will back, and one that is followed leaves it',
  async (kind) => {
    const world = await openWorld(kind);
    await world.live(2 * minute);
    await world.stop();
    expect(world.service.waiting()).toEqual([]);
    world.next();
    await world.live(2 * minute);
    await world.stop(true);
    expect(world.service.waiting()).toHaveLength(1);
    world.next();
    await world.live(10 * minute);
    expect(world.service.waiting()).toHaveLength(1);
    expect(world.wills()).toEqual([]);
    expect(world.told).toEqual([]);
  },
);

test('in 30 days with upgrades, deaths of the monitor and losses shorter than it outlives no will goes out', async () => {
  const world = await openWorld('ntfy', '1h');
  const stepMs = 4 * minute;
  const lossMs = world.pace.horizonMs - world.pace.periodMs - 2 * stepMs;
  for (let passed = 0; passed < 30 * day; passed += 6 * 60 * minute) {
    await world.live(5 * 60 * minute, stepMs);
    world.uplink(false);
    await world.live(lossMs, stepMs);
    world.uplink(true);
    await world.live(20 * minute, stepMs);
    if (passed % day === 0) await world.stop(passed % (2 * day) === 0);
    world.pass(minute);
    world.next();
  }
  expect(world.wills()).toEqual([]);
  expect(world.told).toEqual([]);
  expect(world.service.waiting()).toHaveLength(1);
});

test('a loss that is longer is followed by a correction, once, where the will went out and on the channels', async () => {
  const world = await openWorld('ntfy');
  await world.live(3 * minute);
  world.uplink(false);
  await world.live(2 * world.pace.horizonMs);
  world.uplink(true);
  await world.live(10 * minute);
  expect(world.wills()).toHaveLength(1);
  expect(world.said()).toHaveLength(1);
  expect(world.said()[0]?.title).toBe('✅ vps-1: the monitor is heard again');
  expect(world.told).toMatchObject([
    { title: '⚠️ The last will cannot be left' },
    { title: '✅ The last will is left again' },
    { title: '✅ vps-1: the monitor is heard again' },
  ]);
  expect(world.lines.join('\n')).toMatch(/could not be put off.*\n.*is put off again/);
});

test.each(['refused', 'foreign', 'lost'] as const)(
  'a will that was never left (%s) is told once, over the death of a monitor too, and so is its end',
  async (mishap) => {
    const world = await openWorld('ntfy');
    world.uplink(mishap === 'lost' ? false : mishap);
    if (mishap !== 'refused') {
      // It may pass.
      await world.live(minute - 20_000);
      expect(world.told).toEqual([]);
    }
    await world.live(10 * minute);
    world.next();
    await world.live(10 * minute);
    expect(world.told).toMatchObject([
      { title: '⚠️ The last will cannot be left', text: expect.stringContaining('ntfy tells nobody') },
    ]);
    expect(world.trouble()).toContain('The last will cannot be left');
    world.uplink(true);
    await world.live(minute);
    expect(world.told.slice(1)).toMatchObject([{ title: '✅ The last will is left again' }]);
    expect(world.trouble()).toBeNull();
  },
);

test('a server that cannot replace what waits is named, and gets nothing that would go out', async () => {
  const service = await startNtfy({ version: '2.15' });
  onTestFinished(service.close);
  const set = lastWillOf({
    ...{ place: `ntfy:${service.url}/my-topic`, after: undefined, ntfyToken: undefined, slackToken },
  });
  if (set === null || typeof set === 'string') throw new Error('no will');
  const http = createHttp({ timeoutMs: 5000, now: Date.now });
  const outcome = await set.place.put({ title: 'a', text: 'b' }, 'sentinel-1', 60_000, http, Date.now());
  expect(outcome).toMatchObject({ kind: 'permanent', detail: expect.stringContaining('older than 2.16') });
  expect(JSON.stringify(outcome)).not.toContain('my-topic');
  expect(service.waiting()).toEqual([]);
});

test('what is wrong with the setting is said without it', () => {
  const of = (place?: string, after?: string) =>
    lastWillOf({ place, after, ntfyToken: undefined, slackToken: undefined });
  expect(of()).toBeNull();
  expect(of('ntfy:my-secret-topic')).toMatchObject({
    pace: { periodMs: 10 * minute, horizonMs: 30 * minute },
  });
  expect(of('ntfy:https://ntfy.example.org/a')).toMatchObject({
    pace: { periodMs: minute, horizonMs: 5 * minute },
  });
  expect(of('mail:ann')).toMatch(/^LAST_WILL: expected/);
  expect(of('ntfy:a b')).toMatch(/topic/);
  expect(of('slack:C0123456789')).toMatch(/SENTINEL_SLACK_TOKEN/);
  expect(of('ntfy:a', '5m')).toBe('LAST_WILL_AFTER: expected 1800s or more at this service');
  expect(of('ntfy:a', 'soon')).toMatch(/a length of time/);
  expect(willSecrets('ntfy:https://ntfy.example.org/my-secret')).toEqual(['my-secret']);
});
