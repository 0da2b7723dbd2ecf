import { explainHealth, healthStates, inWords, oneLine } from '@sentinel/heartbeat-core';
import { isMonitorAlive } from '@sentinel/history';
import type { CheckedBot, Look } from './look-once.ts';
import type { Written } from './read-journal.ts';

export type Outcome = { readonly code: number; readonly line: string; readonly json?: unknown };

const exitCodes = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

// What a plug-in prints after a | are numbers.
const clean = (text: string) => oneLine(text).replaceAll('|', '/');

export type CheckFinding = {
  readonly code: number;
  /** `bot1 stale 312s (max 300s)`. */
  readonly text: string;
  readonly age: number | null;
  readonly json: Readonly<Record<string, unknown>>;
};

export const foundOf = (
  { name, health: policy }: CheckedBot,
  { health, exposure }: Pick<Look, 'health' | 'exposure'>,
): CheckFinding => {
  const age = health.ageMs === null ? null : Math.round(health.ageMs / 1000);
  const max = policy.maxAgeMs / 1000;
  const reason = explainHealth(health);
  const saysAll = health.state === 'healthy' || health.state === 'stale';
  const measured = age === null ? '' : ` ${age}s (max ${max}s)`;
  return {
    code: exitCodes[healthStates[health.state].severity],
    // One word: whoever is woken by it knows what a dead bot may cost.
    text: clean(
      `${name} ${health.state}${measured}${exposure === null ? '' : ', exposed'}${saysAll ? '' : `: ${reason}`}`,
    ),
    age,
    json: {
      ...{ bot: name, state: health.state, reason, age_seconds: age, max_age_seconds: max },
      ...(exposure === null ? {} : { exposure: clean(exposure) }),
    },
  };
};

export const journalUnread = 'the journal cannot be read, so its maximum age is not known';
export const journalUnused =
  'a monitor watches it that has not written its maximum age here (see `sentinel-monitor status`)';

/** A bot that its clock makes older than it may be: a monitor saw by how much, and none is there to see whether it still beats. */
export const byItsDate = (found: CheckFinding, { supervision }: Written, now: number): CheckFinding => {
  const { behindMs } = supervision;
  if (found.json.state !== 'stale' || behindMs === null || isMonitorAlive(supervision, now)) return found;
  const note = `by its date, and its clock was ${inWords(behindMs)} behind: no monitor lives that sees its beats come`;
  return {
    ...found,
    text: `${found.text}, ${note}`,
    json: { ...found.json, reason: `${found.json.reason}, ${note}` },
  };
};

/** That a name has another file by now. */
export const otherFileNote = (other: string, before: Written | null): string =>
  `this journal knows another file under this name, ${other}: ${
    before === null
      ? 'of a monitor of this file it knows nothing'
      : `no monitor has watched this one since ${new Date(before.supervision.seenAt).toISOString()}, and the maximum age is of then`
  }`;

/** Nothing is known of the file, and something of its name: whoever reads `healthy` has to know by which age. */
export const byUsualAge = (found: CheckFinding, other: string | null): CheckFinding => {
  if (found.code !== 0 || other === null) return found;
  const note = `by the usual maximum age: ${clean(otherFileNote(other, null))}`;
  return {
    ...found,
    text: `${found.text}, ${note}`,
    json: { ...found.json, reason: `${found.json.reason}, ${note}` },
  };
};

/** A bot that is well by the usual maximum age may be ill by its own, which is not known here. */
export const unlessUnknown = (found: CheckFinding, { name }: CheckedBot, reason: string): CheckFinding => {
  if (found.code !== 0) return found;
  return {
    ...found,
    code: 3,
    text: `${oneLine(name)} unknown: ${reason}`,
    json: { ...found.json, state: 'unknown', reason },
  };
};

const label = (name: string) => (/^[\w.-]+$/.test(name) ? name : `'${name.replace(/['=]/g, '_')}'`);

/** How bad an exit code is: critical is worse than unknown, and that worse than a warning. */
export const rank = (code: number) => [0, 1, 3, 2][code] ?? 3;

export type Looked = { readonly bot: CheckedBot; readonly found: CheckFinding };

/** All bots in the form of Nagios plug-ins: the worst decides, and each has its line. */
export const checkText = (looks: readonly Looked[]): Outcome => {
  const found = looks.map((look) => look.found);
  const [first] = [...found].sort((a, b) => rank(b.code) - rank(a.code));
  const code = first?.code ?? 3;
  const perf = looks.flatMap(({ bot, found: { age } }) => {
    if (age === null) return [];
    const name = found.length === 1 ? 'age' : label(`${bot.name}_age`);
    return [`${name}=${age}s;;${bot.health.maxAgeMs / 1000};0`];
  });
  const bad = found.filter((each) => each.code !== 0).length;
  const count = found.length === 1 ? '' : `${bad} of ${found.length} bots not healthy, `;
  const text = found.length > 1 && bad === 0 ? `${found.length} bots healthy` : `${count}${first?.text}`;
  const each = found.length === 1 ? [] : found.map((one) => `${words[one.code]} - ${one.text}`);
  const numbers = perf.length === 0 ? '' : ` | ${perf.join(' ')}`;
  return {
    code,
    line: [`HEARTBEAT ${words[code]} - ${text}${numbers}`, ...each].join('\n'),
    json: found.length === 1 ? found[0]?.json : found.map(({ json }) => json),
  };
};
