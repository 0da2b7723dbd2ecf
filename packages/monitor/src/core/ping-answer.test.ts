import { expect, test } from 'vitest';
import { pingTrouble } from './ping-answer.ts';

test.each(['OK', 'OK\n', '', 'Got it, thanks!', '{"ok":true}', '{"status":"ok"}'])(
  'a switch that answers 200 %j has heard the ping',
  (body) => {
    expect(pingTrouble({ status: 200, body })).toBeNull();
  },
);

test.each([
  [200, 'OK (not found)', 'the answer was 200, but not found'],
  [200, 'OK (rate limited)\n', 'the answer was 200, but rate limited'],
  [200, '{"ok":false,"msg":"Monitor not found"}', 'the answer was 200, but "ok": false'],
  [200, '<!doctype html><title>Sign in</title>', 'the answer was 200 with a page of HTML'],
  [200, '\n<html>', 'a page of HTML'],
  [200, 'not found', 'the answer was 200, but not found'],
  [200, '(Rate limited)', 'the answer was 200, but rate limited'],
  [302, '', 'the answer was 302, a redirect, which is not followed'],
  [404, 'OK', 'the answer was 404'],
])('a switch that answers %i %j has not', (status, body, words) => {
  expect(pingTrouble({ status, body })).toContain(words);
});
