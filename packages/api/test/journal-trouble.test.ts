import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openRecords } from '@sentinel/history';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type Way, type World } from './world.ts';

describe.each<Way>(['in-process', 'over a socket'])('trouble with the journal %s', (way) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld(way, { withJournal: true });
    world.bot.update('✅ On', true);
  });
  afterEach(() => world.end());

  test.each([
    ['corrupt', () => writeFileSync(world.journal, 'this is no database, '.repeat(500))],
    ['a folder', () => mkdirSync(world.journal)],
    ['behind a link to itself', () => symlinkSync(world.journal, world.journal)],
    ['of another program', () => new DatabaseSync(world.journal).exec('CREATE TABLE beats (x)')],
  ])('a journal that is %s: answers go on from the file, with a warning', async (_name, spoil) => {
    spoil();
    world.later();
    await world.get('history');
    const status = await world.ask('/api/heartbeat/status');
    expect([status.status, status.json.health]).toEqual([200, 'healthy']);
    // It is not taken for one that no monitor has begun yet.
    expect(status.json.warnings).toEqual([expect.stringMatching(/^The journal cannot be read/)]);
    expect(world.log.filter((line) => line.startsWith('The journal'))).toEqual(status.json.warnings);
    for (const path of ['history', 'incidents', 'uptime']) {
      const answer = await world.ask(`/api/heartbeat/${path}`);
      expect([path, answer.status, answer.json.warnings.length]).toEqual([path, 200, 1]);
      expect(answer.text).not.toContain(world.folder);
    }
    expect((await world.get('uptime')).uptime_percent).toBeNull();
    expect((await world.ask('/metrics')).status).toBe(200);
  });

  test('a journal that is not there yet is told where it is missed, and is no fault', async () => {
    world.later();
    expect((await world.get('history')).warnings).toEqual([
      expect.stringMatching(/^There is no journal yet/),
    ]);
    expect((await world.get('status')).warnings).toEqual([]);
    expect(world.log.filter((line) => /journal/.test(line))).toEqual([]);
  });

  test('of a journal that was set aside nothing is read any more, and the new one is', async () => {
    const beat = { bot: 'bot', at: world.time.now, state: 'healthy', sessionActive: true };
    const begin = (status: string) => {
      const records = openRecords(world.journal);
      records.addBeat({ ...beat, status, instance: null, ageMs: 0 });
      records.close();
    };
    const told = async () =>
      (await world.get('history')).items.map(({ status }: { status: string }) => status);
    begin('✅ Old');
    world.later();
    expect(await told()).toEqual(['✅ Old']);
    renameSync(world.journal, `${world.journal}.corrupt`);
    world.later();
    expect(await told()).toEqual([]);
    expect((await world.get('status')).warnings).toEqual([expect.stringContaining('it was removed')]);
    begin('✅ New');
    world.later();
    expect(await told()).toEqual(['✅ New']);
    renameSync(world.journal, `${world.journal}.corrupt-2`);
    begin('✅ Newer');
    world.time.monotonic += 101;
    expect(await told()).toEqual(['✅ Newer']);
    expect((await world.get('status')).warnings).toEqual([]);
  });

  test('a journal that is locked is read again when it is free', async () => {
    openRecords(world.journal).close();
    const other = new DatabaseSync(world.journal);
    other.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    world.later();
    expect((await world.get('history')).warnings).toHaveLength(1);
    world.later();
    expect((await world.get('status')).health).toBe('healthy');
    other.exec('COMMIT; PRAGMA journal_mode = WAL');
    other.close();
    world.later();
    expect(await world.get('history')).toMatchObject({ items: [], warnings: [] });
  });
});
