import { confirm, doubt, type Handler, recover, settle, silently, stop, well } from './incident-steps.ts';
import { conclude, end, fail, restart, verify } from './restart-steps.ts';
import type { Rule } from './transitions.ts';

export type { Step } from './incident-steps.ts';

/** What each cell of the table means. */
export const steps = {
  wait: silently,
  greet: (state) => silently(well(state)),
  stop,
  doubt,
  confirm,
  restart,
  end,
  fail,
  verify,
  conclude,
  recover,
  settle,
} satisfies Record<Rule, Handler>;
