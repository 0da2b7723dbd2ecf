import { expect, test } from 'vitest';
import * as page from '../src/browser.ts';
import * as core from '../src/index.ts';

test('the public names are these', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "InstanceHeldError",
      "acquireInstanceLock",
      "asClock",
      "backoffMs",
      "cleanStatus",
      "compareStates",
      "configureHeartbeat",
      "createCleaner",
      "createHeartbeat",
      "createSources",
      "defaultHealthPolicy",
      "evidenceAt",
      "explainHealth",
      "explainProblem",
      "foreignFolder",
      "formatStatusFile",
      "formatText",
      "formatWords",
      "healthStates",
      "inSeconds",
      "inShort",
      "indicators",
      "isBad",
      "isHealthState",
      "isLocked",
      "isSystemError",
      "isTooOld",
      "judge",
      "lastHolderOf",
      "loadSchemas",
      "marketOfClosure",
      "ofClockAhead",
      "oneLine",
      "openPlainFile",
      "parseFormat",
      "parseStatusFile",
      "problemOfHours",
      "readHeartbeat",
      "readHeartbeatOnce",
      "readMarketHours",
      "redact",
      "remedyOf",
      "requirePlainFiles",
      "resolveFile",
      "secretsIn",
      "see",
      "splitIndicator",
      "sqliteCodeOf",
      "updateHeartbeatStatus",
      "watchHeartbeat",
      "writtenAt",
    ]
  `);
});

test('a page gets these, and they are the same things', () => {
  expect(core).toMatchObject(page);
  expect(Object.keys(page).sort()).toEqual([
    'asClock',
    'backoffMs',
    'compareStates',
    'healthStates',
    'inShort',
    'indicators',
    'isBad',
    'isHealthState',
    'isTooOld',
    'marketOfClosure',
    'splitIndicator',
  ]);
});
