import { expect, test } from 'vitest';
import * as core from '../src/index.ts';

test('the public names are these', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "InstanceHeldError",
      "acquireInstanceLock",
      "cleanStatus",
      "configureHeartbeat",
      "createCleaner",
      "createHeartbeat",
      "defaultHealthPolicy",
      "evaluateHealth",
      "evidenceAt",
      "explainHealth",
      "explainProblem",
      "explainWatchFailure",
      "formatStatusFile",
      "indicators",
      "isSystemError",
      "loadSchemas",
      "localInstant",
      "ofClockAhead",
      "oneLine",
      "parseStatusFile",
      "readHeartbeat",
      "readHeartbeatOnce",
      "redact",
      "remedyOf",
      "resolveFile",
      "secretsIn",
      "see",
      "splitIndicator",
      "staleAt",
      "updateHeartbeatStatus",
      "watchHeartbeat",
      "writtenAt",
      "zoneOffset",
    ]
  `);
});
