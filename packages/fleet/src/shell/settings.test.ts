import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { problemOfServer } from '../core/server.ts';
import { createFleetKey } from './orders.ts';
import { connectionOptions, FleetSettingsError } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-fleet-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (text: string, mode = 0o600) => {
  const path = join(folder, 'key');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
const optionsOf = (credentials: string) =>
  connectionOptions({ servers: ['nats://127.0.0.1:1'], credentials }, 'h1');

test('the seed of a key is taken', () => {
  expect(optionsOf(file(`${createFleetKey().seed}\n`))).toHaveProperty('authenticator');
});

test.skipIf(process.platform === 'win32')('a secret that others may read is refused with what to do', () => {
  expect(() => optionsOf(file(createFleetKey().seed, 0o644))).toThrow(/chmod 600/);
});

test('what is no key is refused, and nothing of it is repeated', () => {
  expect(() => optionsOf(file('hunter22'))).toThrow(FleetSettingsError);
  expect(() => optionsOf(file('hunter22'))).not.toThrow(/hunter22/);
  expect(() => optionsOf(join(folder, 'nothing'))).toThrow(/cannot be read \(ENOENT\)/);
});

test('a server before 2.9 is named as what it is', () => {
  expect(['2.9.10', '2.15.1', '3.0.0'].map(problemOfServer)).toEqual([null, null, null]);
  expect(problemOfServer('2.8.4')).toContain('2.9 or later');
  expect(problemOfServer('')).toContain('does not say');
});
