import type { Budget, Ending, SupervisorState } from '../supervisor-state.ts';

/** Where its command was not run, nothing was restarted: that is none of the budget. */
export const giveBack = (budget: Budget, ending: Ending | null): Budget =>
  ending === null ? budget : { ...budget, restarts: budget.restarts.filter((at) => at !== ending.since) };

/** An end that was begun is not carried on: what still runs gets no KILL, and nothing is started. */
export const leaveEnding = (state: SupervisorState): SupervisorState => {
  const { ending, restart } = state;
  if (ending === null) return state;
  const left = { ...state, ending: null, budget: giveBack(state.budget, ending) };
  switch (ending.purpose) {
    case 'restart':
    case 'stop':
      return { ...left, phase: 'down' };
    case 'start':
      return { ...left, phase: 'starting', toStart: true };
    case 'timeout':
      return { ...left, phase: 'restarting', restart: restart && { ...restart, commandDueAt: ending.since } };
  }
};
