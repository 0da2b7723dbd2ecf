import { DatabaseSync } from 'node:sqlite';
import { incidentIdOf, openRecords } from '@sentinel/history';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type Way, type World } from './world.ts';

const apiToken = 'change-token-0123456789';
const headers = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' };
const minute = 60_000;

describe.each<Way>(['in-process', 'over a socket'])('the journal %s', (way) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld(way, { withJournal: true, apiToken });
    world.bot.update('✅ On', true);
  });
  afterEach(() => world.end());

  test('history and incidents come in pages that join without a gap', async () => {
    const records = openRecords(world.journal);
    for (let i = 0; i < 25; i += 1) {
      const at = world.time.now - (25 - i) * minute;
      records.addBeat({
        bot: 'bot',
        at,
        state: 'healthy',
        status: `✅ ${i}`,
        sessionActive: true,
        instance: 'a',
        ageMs: 1200,
      });
    }
    const id = records.openIncident({
      bot: 'bot',
      at: world.time.now - 10 * minute,
      illSince: world.time.now - 15 * minute,
      state: 'stale',
      reason: 'no beat for 301 s',
    });
    records.noteIncident(id, { at: world.time.now - 9 * minute, kind: 'restart', text: 'attempt 1 of 5' });
    records.closeIncident(id, world.time.now - 8 * minute);
    records.close();
    world.later();
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { status: string }[]; next_cursor: string | null } = await world.get(
        `history?limit=10${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ status }) => status));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `✅ ${24 - i}`));
    const since = new Date(world.time.now - 3 * minute).toISOString();
    expect((await world.get(`history?since=${since}&bot=bot`)).items).toHaveLength(3);
    expect((await world.get('incidents')).items).toEqual([
      {
        id: String(id),
        incident: expect.stringMatching(/^bot@2026-03-01T11:50:00\.000Z$/),
        bot: 'bot',
        started_at: new Date(world.time.now - 10 * minute).toISOString(),
        ill_since: new Date(world.time.now - 15 * minute).toISOString(),
        ended_at: new Date(world.time.now - 8 * minute).toISOString(),
        duration_seconds: 420,
        state: 'stale',
        reason: 'no beat for 301 s',
        actions: [
          {
            at: new Date(world.time.now - 9 * minute).toISOString(),
            kind: 'restart',
            text: 'attempt 1 of 5',
          },
        ],
      },
    ]);
    expect((await world.ask('/metrics')).text).toContain('sentinel_incidents_total{bot="bot"} 1');
  });

  test('one incident is told with its beats, orders, and what reached whom and when', async () => {
    const records = openRecords(world.journal);
    const began = world.time.now - 10 * minute;
    const beat = { bot: 'bot', sessionActive: true, instance: 'a', ageMs: 0 };
    for (const [ago, status] of [
      [11, '✅ before'],
      [9, '❌ in it'],
      [1, '✅ long after'],
    ] as const)
      records.addBeat({ ...beat, at: world.time.now - ago * minute, state: 'healthy', status });
    const id = records.openIncident({ bot: 'bot', at: began, state: 'stale', reason: 'no beat' });
    records.closeIncident(id, began + 2 * minute);
    const incident = incidentIdOf({ bot: 'bot', startedAt: began });
    const failed = { kind: 'restart-failed', bot: 'bot', attempt: 1, reason: 'no beat came', incident };
    const body = JSON.stringify({ ...failed, output: `ran ${world.folder}/start.sh` });
    records.addAlert({ key: 'a1', at: began + minute, body }, ['ops', 'mail']);
    records.addAlert({ key: 'a2', at: began + minute, body: 'no json' }, ['ops']);
    const batch = records.nextBatch('ops', 1, 'b1');
    if (batch !== null) records.finishBatch('ops', batch, 'sent', began + minute + 1500);
    const order = records.addOrder({ bot: 'bot', at: began + minute, kind: 'ack', by: 'ann', args: {} });
    records.finishOrder(order, began + minute, 'done');
    records.close();
    world.later();
    const metrics = (await world.ask('/metrics')).text;
    for (const [le, count] of [
      ['1', 0],
      ['2', 1],
      ['+Inf', 1],
    ])
      expect(metrics).toContain(
        `sentinel_time_to_notify_seconds_bucket{channel="ops",le="${le}"} ${count}\n`,
      );
    expect(metrics).toContain('sentinel_time_to_notify_seconds_sum{channel="ops"} 1.5\n');
    expect(metrics).toContain('# TYPE sentinel_time_to_ack_seconds histogram\n');
    const detail = await world.get(`incidents/${encodeURIComponent(incident)}`);
    expect(detail).toMatchObject({
      incident,
      duration_seconds: 120,
      beats: [{ status: '❌ in it' }, { status: '✅ before' }],
      orders: [{ kind: 'ack', by: 'ann', result: 'done' }],
      told: [
        {
          kind: 'restart-failed',
          output: 'ran start.sh',
          deliveries: [
            { channel: 'mail', result: null, at: null },
            { channel: 'ops', result: 'sent', at: new Date(began + minute + 1500).toISOString() },
          ],
        },
      ],
    });
    for (const unknown of ['bot', 'bot@2026-03-01T11:50:00.001Z', `other@${new Date(began).toISOString()}`])
      expect((await world.ask(`/api/heartbeat/incidents/${encodeURIComponent(unknown)}`)).status).toBe(404);
  });

  test('what the monitor noted of a path is told without its folders, what the bot wrote as it wrote it', async () => {
    const records = openRecords(world.journal);
    const beat = { bot: 'bot', at: world.time.now, sessionActive: false, instance: null, ageMs: null };
    const reason = `There is no status file at ${world.file}`;
    records.addBeat({ ...beat, state: 'unknown', status: `❓ ${reason}` });
    records.addBeat({ ...beat, state: 'healthy', status: '✅ Read /etc/signals/today.json' });
    const id = records.openIncident({ bot: 'bot', at: world.time.now, state: 'unknown', reason });
    records.noteIncident(id, { at: world.time.now, kind: 'restart', text: `ran ${world.folder}/restart.sh` });
    records.close();
    world.later();
    expect((await world.get('history')).items.map(({ status }: { status: string }) => status)).toEqual([
      '✅ Read /etc/signals/today.json',
      '❓ There is no status file at heartbeat_status.txt',
    ]);
    expect((await world.get('incidents')).items[0]).toMatchObject({
      reason: 'There is no status file at heartbeat_status.txt',
      actions: [{ text: 'ran restart.sh' }],
    });
  });

  test('uptime counts what was watched, and the segments tell it in order', async () => {
    const records = openRecords(world.journal);
    const start = world.time.now - 60 * minute;
    for (let i = 0; i <= 60; i += 1)
      records.touch('bot', start + i * minute, i >= 30 && i < 45 ? 'stale' : 'healthy');
    records.close();
    world.later();
    const day = await world.get('uptime');
    expect(day).toMatchObject({
      up_seconds: 2700,
      down_seconds: 900,
      unknown_seconds: 82_800,
      uptime_percent: 75,
    });
    expect(day.segments.map(({ state }: { state: string }) => state)).toEqual([
      'unwatched',
      'healthy',
      'stale',
      'healthy',
    ]);
    const quarter = await world.get('uptime?window=90d');
    expect(quarter).toMatchObject({ up_seconds: 2700, uptime_percent: 75, warnings: [] });
    expect(quarter.segments).toHaveLength(4);
    expect(quarter.days).toHaveLength(91);
  });

  test('what the monitor wrote of itself is in the status', async () => {
    const records = openRecords(world.journal);
    records.setState('supervision:bot', {
      restartsLeft: 3,
      pausedUntil: world.time.now + minute,
      seenAt: world.time.now,
    });
    records.close();
    world.later();
    expect(await world.get('status')).toMatchObject({
      restarts_left: 3,
      paused_until: new Date(world.time.now + minute).toISOString(),
      monitor: { alive: true },
    });
    world.time.now += 10 * minute;
    world.time.monotonic += 10 * minute;
    expect(await world.get('status')).toMatchObject({ paused_until: null, monitor: { alive: false } });
  });

  test('a monitor that was ended on purpose is not alive from that moment on, until there is another one', async () => {
    const write = (at: number, keys: readonly string[]) => {
      const records = openRecords(world.journal);
      records.setState('supervision:bot', { monitor: 'bot', restartsLeft: 3, pausedUntil: null });
      for (const key of keys) records.setState(`monitor-${key}:bot`, at);
      records.close();
      world.later();
    };
    write(world.time.now - 5000, ['alive']);
    expect(await world.get('status')).toMatchObject({ monitor: { alive: true } });
    write(world.time.now, ['alive', 'ended']);
    const last_seen = new Date(world.time.now).toISOString();
    expect(await world.get('status')).toMatchObject({ monitor: { alive: false, last_seen } });
    write(world.time.now + 1, ['alive']);
    expect(await world.get('status')).toMatchObject({ monitor: { alive: true } });
  });

  test('a dead webhook is told by status, health and metrics, until it works again', async () => {
    world.bot.update('✅ On', true);
    const records = openRecords(world.journal);
    const slack = { name: 'slack', urlHash: 'x', nextAt: 0, lastSentAt: null };
    records.setChannel({
      ...slack,
      deadSince: world.time.now,
      deadReason: 'HTTP 404 no_service',
      lastFailure: 'HTTP 404 no_service',
    });
    records.addAlert({ key: 'one', at: world.time.now - 1000, body: '{}' }, ['slack']);
    records.countFailure('slack', 'refused');
    world.later();
    const { warnings, health } = await world.get('status');
    expect([health, warnings]).toEqual([
      'healthy',
      [expect.stringMatching(/^The webhook of slack is dead since .* \(HTTP 404 no_service\)/)],
    ]);
    const document = await world.ask('/api/heartbeat/health');
    expect([document.status, document.json.status, document.json.notes]).toEqual([200, 'warn', warnings]);
    const metrics = (await world.ask('/metrics')).text;
    for (const line of [
      'sentinel_notifications_total{channel="slack",result="refused"} 1',
      'sentinel_notification_channel_dead{channel="slack"} 1',
      'sentinel_notifications_pending{channel="slack"} 1',
      `sentinel_notifications_oldest_pending_timestamp_seconds{channel="slack"} ${(world.time.now - 1000) / 1000}`,
      'sentinel_warnings{bot="bot"} 1',
    ])
      expect(metrics).toContain(line);
    records.setChannel({ ...slack, deadSince: null, deadReason: null, lastFailure: null });
    records.close();
    world.later();
    expect((await world.get('status')).warnings).toEqual([]);
    expect((await world.ask('/metrics')).text).toContain(
      'sentinel_notification_channel_dead{channel="slack"} 0',
    );
  });

  test('a journal from before there was an outbox is read all the same', async () => {
    openRecords(world.journal).close();
    const other = new DatabaseSync(world.journal);
    for (const table of ['channels', 'delivery_counts', 'durations']) other.exec(`DROP TABLE ${table}`);
    other.close();
    world.later();
    expect((await world.get('status')).warnings).toEqual([]);
    expect((await world.ask('/metrics')).text).toContain('sentinel_up{bot="bot"} 1');
    expect((await world.get('history')).warnings).toEqual([]);
  });

  test.each([
    ['pause', { reason: 'deploy\nsentinel-api: all is well' }],
    ['restart', { by: 'ann\r\u001b[2K' }],
    ['test-alert', { by: 'ann\u2028bob' }],
  ])('an order of %s that would write lines of its own into a log is refused: %j', async (kind, order) => {
    const body = JSON.stringify(order);
    const { status, json } = await world.ask(`/api/heartbeat/${kind}`, { method: 'POST', headers, body });
    expect([status, json.errors[0].message]).toEqual([400, 'Expected one line without control characters']);
    expect(world.log.join()).not.toContain('ordered');
  });

  test.each([
    ['halt', '{"for": "2h"}', '"for" is no setting of an order; it takes minutes, reason, by'],
    ['pause', '{"minute": 240}', '"minute" is no setting of an order; it takes minutes, reason, by'],
    ['restart', 'null', 'it is null'],
    ['pause', `{"reason": ${'['.repeat(5000)}${']'.repeat(5000)}}`, 'nested too deep'],
  ])('an order of %s that would do something else is refused (%#)', async (kind, body, words) => {
    const { status, json } = await world.ask(`/api/heartbeat/${kind}`, { method: 'POST', headers, body });
    expect([status, json.errors?.[0].message ?? json.detail]).toEqual([400, expect.stringContaining(words)]);
    expect(world.log.join()).not.toContain('ordered');
  });

  test('an order without a body takes every default', async () => {
    const { 'content-type': _, ...plain } = headers as Record<string, string>;
    expect((await world.ask('/api/heartbeat/pause', { method: 'POST', headers: plain })).status).toBe(202);
  });

  test('an order is written down with who, when and why', async () => {
    const body = JSON.stringify({ minutes: 15, reason: 'deploy', by: 'ann' });
    const { status, json } = await world.ask('/api/heartbeat/pause', { method: 'POST', headers, body });
    expect([status, json.accepted]).toEqual([202, true]);
    for (const kind of ['resume', 'restart', 'test-alert'])
      expect(
        (await world.ask(`/api/heartbeat/${kind}`, { method: 'POST', headers, body: '{}' })).status,
      ).toBe(202);
    const records = openRecords(world.journal, { readOnly: true });
    const orders = records.pendingOrders('bot');
    records.close();
    expect(orders.map(({ kind }) => kind)).toEqual(['pause', 'resume', 'restart', 'test-alert']);
    expect(orders[0]).toMatchObject({
      id: json.id,
      at: world.time.now,
      args: { minutes: 15, reason: 'deploy' },
    });
    expect(orders[0]?.by).toMatch(/^api .*\(ann\)$/);
  });
});
