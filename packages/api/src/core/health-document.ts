import { healthStates } from '@sentinel/heartbeat-core';
import { z } from 'zod';
import { fleetAnswer, fleetOf, type OwnReport } from './fleet-answer.ts';
import type { StatusAnswer } from './status-schema.ts';

const healthVerdict = z.enum(['pass', 'warn', 'fail']);

type HealthVerdict = z.infer<typeof healthVerdict>;

const check = z.object({
  componentType: z.literal('component'),
  observedValue: z.union([z.number(), z.string(), z.null()]),
  observedUnit: z.literal('s').optional(),
  status: healthVerdict,
  time: z.iso.datetime(),
  output: z.string().optional(),
});

/** `application/health+json`, draft-inadarei-api-health-check-06. */
export const healthAnswer = z
  .object({
    status: healthVerdict.describe('That of the bot that is worst off.'),
    version: z.string(),
    releaseId: z.string(),
    description: z.string(),
    notes: z.array(z.string()).describe('What an operator should look at, although it is no outage.'),
    output: z.string().describe('What fails, and why; empty when nothing does.'),
    checks: z.record(z.string(), z.array(check)).describe('`<bot>:age` and `<bot>:state` of each bot.'),
    fleet: fleetAnswer
      .optional()
      .describe('For the monitors of other hosts: only with a token, and where `peers` is configured.'),
  })
  .meta({ id: 'Health' });

type HealthAnswer = z.infer<typeof healthAnswer>;

const verdicts = { ok: 'pass', warning: 'warn', critical: 'fail', unknown: 'fail' } as const;

const severity: Record<HealthVerdict, number> = { pass: 0, warn: 1, fail: 2 };

/** A healthy bot with a warning (clock skew, a journal that cannot be read) is worth a look, not a page. */
export const verdictOf = ({ health, warnings }: StatusAnswer): HealthVerdict => {
  const verdict = verdicts[healthStates[health].severity];
  return verdict === 'pass' && warnings.length > 0 ? 'warn' : verdict;
};

/** The health of all bots in one document: as good as the worst of them. */
export const healthDocument = (
  answers: readonly StatusAnswer[],
  version: string,
  time: string,
  own: OwnReport | null = null,
): HealthAnswer => {
  const worst = answers
    .map(verdictOf)
    .reduce<HealthVerdict>((a, b) => (severity[b] > severity[a] ? b : a), 'pass');
  return {
    status: worst,
    version: version.split('.')[0] ?? version,
    releaseId: version,
    description: 'Heartbeat of trading bots',
    notes: answers.flatMap(({ warnings }) => warnings),
    output: answers
      .filter((answer) => verdictOf(answer) === 'fail')
      .map(({ bot, reason }) => `${bot}: ${reason}`)
      .join('; '),
    checks: Object.fromEntries(answers.flatMap((answer) => checksOf(answer, time))),
    ...(own === null ? {} : { fleet: fleetOf(own, answers) }),
  };
};

const checksOf = (
  answer: StatusAnswer,
  time: string,
): readonly [string, HealthAnswer['checks'][string]][] => {
  const { bot, age_seconds, health, reason } = answer;
  const status = verdictOf(answer);
  const common = { componentType: 'component' as const, status, time };
  const output = status === 'pass' ? {} : { output: reason };
  return [
    [`${bot}:age`, [{ ...common, observedValue: age_seconds, observedUnit: 's', ...output }]],
    [`${bot}:state`, [{ ...common, observedValue: health, ...output }]],
  ];
};
