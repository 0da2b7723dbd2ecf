import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { parseDetails } from './parse-details.ts';
import { buildSchemas } from './schemas.ts';

const { statusDetails } = buildSchemas(z);
const schemaTakes = (value: unknown) => statusDetails.safeParse(value).success;
const parserTakes = (value: unknown) => !('code' in parseDetails(JSON.stringify(value)));

const digits = (min: number, max: number, length = 2) =>
  fc.integer({ min, max }).map((number) => String(number).padStart(length, '0'));
const instant = fc
  .tuple(
    digits(0, 9999, 4),
    fc.constantFrom('-', '/'),
    digits(0, 13),
    fc.constant('-'),
    digits(0, 32),
    fc.constantFrom('T', 't', ' ', '_'),
    digits(0, 25),
    fc.constantFrom(':', ''),
    digits(0, 61),
    fc.constantFrom(':00', ':59', ':60', ''),
    fc.constantFrom('', '.1', ',123456', '.123456789', '.1234567890'),
    fc.constantFrom('Z', 'z', '', '+02', '+0200', '-02:00', '+24:00', '+02:60', ' Z'),
  )
  .map((parts) => parts.join(''));
const likely = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
const value = fc.oneof(instant, likely, fc.jsonValue({ maxDepth: 1 }), fc.integer(), fc.boolean());
const fields = fc.record(
  Object.fromEntries(
    Object.keys(statusDetails.shape)
      .concat('other')
      .map((key) => [key, value]),
  ),
  { requiredKeys: [] },
);
/** Mostly good, with one field that may be anything: a line with ten bad fields tells nothing of the tenth. */
const line = fc
  .tuple(fields, fc.constantFrom(...Object.keys(statusDetails.shape)))
  .map(([found, key]) =>
    key in found ? { session_active: true, [key]: found[key] } : { session_active: true },
  );

test.each([
  ['a line with one field of any kind', line],
  ['a line of any fields', fields],
  ['any JSON', fc.jsonValue()],
])('the schema takes %s exactly where the parser does', (_, arbitrary) => {
  let taken = 0;
  fc.assert(
    fc.property(arbitrary as fc.Arbitrary<unknown>, (found) => {
      if (parserTakes(found)) taken += 1;
      return schemaTakes(found) === parserTakes(found);
    }),
    { numRuns: 5000 },
  );
  if (arbitrary === line) expect(taken).toBeGreaterThan(500);
});

test.each([
  '2026-05-06 11:59:30+02',
  '2026-05-06t11:59:30,5z',
  '2026-05-06T11:59Z',
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
])('%s is the same to both', (updated_at) => {
  const details = { session_active: true, updated_at };
  expect(schemaTakes(details)).toBe(parserTakes(details));
});
