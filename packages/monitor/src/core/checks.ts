import type { Action } from './actions.ts';
import type { RestartPolicy } from './policy.ts';
import { restartsInWindow } from './restart-budget.ts';
import type { SupervisorState } from './supervisor-state.ts';

/*
 * What must be so whatever has happened: asked of a state before it is written and after it was read, and of a decision
 * before it is carried out. What is not so is a fault of this program. It is told and counted, and the watching goes on.
 */

/** A rule, and what is said where it is broken. */
type Check = readonly [holds: boolean, words: string];

const broken = (checks: readonly Check[]): readonly string[] =>
  checks.flatMap(([holds, words]) => (holds ? [] : [words]));

export const brokenState = (state: SupervisorState): readonly string[] => {
  const { phase, ending, incident, suspicion, budget } = state;
  return broken([
    [
      (phase === 'ending') === (ending !== null),
      `the phase is ${phase}, and an end is ${ending === null ? 'not ' : ''}under way`,
    ],
    [phase === 'suspect' || suspicion === null, `the phase is ${phase}, and the bot is suspected`],
    [phase !== 'settling' || incident !== null, 'an incident settles, and none is open'],
    [phase !== 'exhausted' || incident?.exhausted === true, 'the budget is spent in no incident'],
    [incident === null || incident.since <= incident.toldAt, 'an incident was told before it began'],
    [
      budget.restarts.every(Number.isFinite) && Number.isFinite(budget.nextAt),
      'the time of a restart is no number',
    ],
  ]);
};

/** What is not so of a decision. `lookAt` and `now`: ms on one clock. */
export const brokenDecision = (
  {
    state,
    actions,
    lookAt,
  }: { readonly state: SupervisorState; readonly actions: readonly Action[]; readonly lookAt: number | null },
  now: number,
  policy: RestartPolicy,
): readonly string[] => {
  const count = (kind: Action['kind']) => actions.filter((action) => action.kind === kind).length;
  const [restarts, ends] = [count('restart'), count('end')];
  const used = restartsInWindow(state.budget, now, policy).length;
  return [
    ...brokenState(state),
    ...broken([
      [restarts === 0 || ends === 0, 'a bot is started in the moment in which another one is ended'],
      [restarts <= 1 && count('last-resort') <= 1, 'a command is run twice'],
      [
        restarts === 0 || ['restarting', 'starting'].includes(state.phase),
        `a bot is started, and the phase is ${state.phase}`,
      ],
      [ends === 0 || state.phase === 'ending', `a bot is ended, and the phase is ${state.phase}`],
      [
        restarts === 0 || state.phase === 'starting' || used <= policy.most,
        `restart ${used} is made, and ${policy.most} are allowed`,
      ],
      [lookAt === null || lookAt >= now, 'the next look is in the past'],
    ]),
  ];
};
