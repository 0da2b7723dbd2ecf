import { expect, test } from 'vitest';
import * as core from '../src/index.ts';

test('the public names are these', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "InstanceHeldError",
      "acquireInstanceLock",
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
      "formatStatusFile",
      "healthStates",
      "indicators",
      "isBad",
      "isHealthState",
      "isSystemError",
      "isTooOld",
      "judge",
      "loadSchemas",
      "marketOfClosure",
      "ofClockAhead",
      "oneLine",
      "parseStatusFile",
      "problemOfHours",
      "readHeartbeat",
      "readHeartbeatOnce",
      "readMarketHours",
      "redact",
      "remedyOf",
      "resolveFile",
      "secretsIn",
      "see",
      "splitIndicator",
      "updateHeartbeatStatus",
      "watchHeartbeat",
      "writtenAt",
    ]
  `);
});
