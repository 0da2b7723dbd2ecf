/** Where a monitor ran when it saw something. */
export type Origin = {
  /** The start of the machine and the pid namespace: `<boot id> <pid namespace>`; `null`: the system does not say. */
  readonly machine: string | null;
  /** `null`: an earlier version did not note it. */
  readonly host: string | null;
  /**
   * The monitor was the first process of its pid namespace, or that one's only purpose: with it all processes of the
   * namespace have ended. `null`: an earlier version did not note it.
   */
  readonly rooted: boolean | null;
};

/**
 * Whether what was seen then counts now. `before`: in an earlier start of this machine, or in a container that has ended with
 * the monitor: none of those processes lives. `elsewhere`: neither is known, so the bot may live where it was seen.
 */
type Whereabouts = 'here' | 'before' | 'elsewhere';

/** The pid namespace of a whole machine: no monitor takes it with it. */
const wholeMachine = 'pid:[4026531836]';

const partsOf = (machine: string | null) => {
  const [boot = null, namespace = null] = machine?.split(' ') ?? [];
  return { boot, namespace };
};

/** Counts of time are of the start of the machine, whichever container they were taken in. */
export const isSameStart = (then: string | null, here: string | null): boolean =>
  here === null || partsOf(then).boot === partsOf(here).boot;

/**
 * @param fileUp when the status file has changed last, in ms since this start of the machine; negative: before it.
 * @param isSuccessor the monitor of then has ended: this one holds its lock.
 */
export const whereaboutsOf = (
  then: Origin,
  here: Origin,
  fileUp: number,
  isSuccessor: boolean,
): Whereabouts => {
  // A system without an id of its start: the mark of a process tells it from those of another start.
  if (here.machine === null) return then.host === null || then.host === here.host ? 'here' : 'elsewhere';
  if (then.machine === null) return 'elsewhere';
  if (then.machine === here.machine) return 'here';
  if (!isSameStart(then.machine, here.machine))
    return then.host !== null && then.host === here.host && fileUp < 0 ? 'before' : 'elsewhere';
  const { namespace } = partsOf(then.machine);
  const hasEnded =
    namespace !== wholeMachine && (then.rooted === true || (then.rooted === null && here.rooted === true));
  return isSuccessor && hasEnded ? 'before' : 'elsewhere';
};
