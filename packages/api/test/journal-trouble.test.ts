import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openRecords } from '@sentinel/history';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type Way, type World } from './world.ts';

describe.each<Way>(['in-process', 'over a socket'])('trouble with the journal %s', (way) => {
  let world: World;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
    file = join(folder, 'sentinel.db');
    world = await createWorld(way, { historyFile: file });
    world.bot.update('✅ On', true);
  });
  afterEach(async () => {
    await world.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  // Longer than the API rests after a failure.
  const later = () => {
    world.time.monotonic += 3000;
  };
  const get = async (path: string) => (await world.ask(`/api/heartbeat/${path}`)).json;

  test.each([
    ['corrupt', () => writeFileSync(file, 'this is no database, '.repeat(500))],
    ['a folder', () => mkdirSync(file)],
    ['behind a link to itself', () => symlinkSync(file, file)],
    ['of another program', () => new DatabaseSync(file).exec('CREATE TABLE beats (x)')],
  ])('a journal that is %s: answers go on from the file, with a warning', async (_name, spoil) => {
    spoil();
    later();
    await get('history');
    const status = await world.ask('/api/heartbeat/status');
    expect([status.status, status.json.health]).toEqual([200, 'healthy']);
    // It is not taken for one that no monitor has begun yet.
    expect(status.json.warnings).toEqual([expect.stringMatching(/^The journal cannot be read/)]);
    expect(world.log.filter((line) => line.startsWith('The journal'))).toEqual(status.json.warnings);
    for (const path of ['history', 'incidents', 'uptime']) {
      const answer = await world.ask(`/api/heartbeat/${path}`);
      expect([path, answer.status, answer.json.warnings.length]).toEqual([path, 200, 1]);
      expect(answer.text).not.toContain(folder);
    }
    expect((await get('uptime')).uptime_percent).toBeNull();
    expect((await world.ask('/metrics')).status).toBe(200);
  });

  test('a journal that is not there yet is told where it is missed, and is no fault', async () => {
    later();
    expect((await get('history')).warnings).toEqual([expect.stringMatching(/^There is no journal yet/)]);
    expect((await get('status')).warnings).toEqual([]);
    expect(world.log.filter((line) => /journal/.test(line))).toEqual([]);
  });

  test('of a journal that was set aside nothing is read any more, and the new one is', async () => {
    const beat = { bot: 'bot', at: world.time.now, state: 'healthy', sessionActive: true };
    const begin = (status: string) => {
      const records = openRecords(file);
      records.addBeat({ ...beat, status, instance: null, ageMs: 0 });
      records.close();
    };
    const told = async () => (await get('history')).items.map(({ status }: { status: string }) => status);
    begin('✅ Old');
    later();
    expect(await told()).toEqual(['✅ Old']);
    renameSync(file, `${file}.corrupt`);
    later();
    expect(await told()).toEqual([]);
    expect((await get('status')).warnings).toEqual([expect.stringContaining('it was removed')]);
    begin('✅ New');
    later();
    expect(await told()).toEqual(['✅ New']);
    renameSync(file, `${file}.corrupt-2`);
    begin('✅ Newer');
    world.time.monotonic += 101;
    expect(await told()).toEqual(['✅ Newer']);
    expect((await get('status')).warnings).toEqual([]);
  });

  test('a journal that is locked is read again when it is free', async () => {
    openRecords(file).close();
    const other = new DatabaseSync(file);
    other.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    later();
    expect((await get('history')).warnings).toHaveLength(1);
    later();
    expect((await get('status')).health).toBe('healthy');
    other.exec('COMMIT; PRAGMA journal_mode = WAL');
    other.close();
    later();
    expect(await get('history')).toMatchObject({ items: [], warnings: [] });
  });
});
