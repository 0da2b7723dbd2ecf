import { expect, test } from 'vitest';
import { findBareCatches } from './bare-catches.ts';

const placesIn = (text: string, path = 'packages/api/src/x.ts') =>
  findBareCatches([{ path, text }]).map((violation) => violation.path);

test('a catch that binds no error is told with its file and line', () => {
  expect(placesIn('try {\n  a();\n} catch {\n  b();\n}\ntry { a(); } catch\n{}')).toEqual([
    'packages/api/src/x.ts:3',
    'packages/api/src/x.ts:6',
  ]);
  expect(placesIn('const a = <p onClick={() => { try { b(); } catch {} }} />;', 'apps/d/src/x.tsx')).toEqual([
    'apps/d/src/x.tsx:1',
  ]);
});

test('that of a promise is told too', () => {
  expect(placesIn('await a()\n  .catch(() => undefined);\nb.catch(function () {});')).toEqual([
    'packages/api/src/x.ts:1',
    'packages/api/src/x.ts:3',
  ]);
});

test('a catch that has its error is none, nor is what only looks like one', () => {
  expect(placesIn('try { a(); } catch (error) { if (!known(error)) throw error; }')).toEqual([]);
  expect(placesIn('// a bare catch {}\na().catch(unlessFault(b));\nconst text = "catch {";')).toEqual([]);
  expect(placesIn('a().catch((error) => explain(error));')).toEqual([]);
});
