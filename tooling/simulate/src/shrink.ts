import type { Violation } from './invariants/violation.ts';
import type { Pieces } from './mutations/pieces.ts';
import { play } from './play.ts';
import type { Script } from './script.ts';

/** The shortest story, as far as leaving out faults makes it one, in which the same invariant does not hold. */
export const shrink = async (
  script: Script,
  { invariant, at }: Violation,
  pieces?: Pieces,
): Promise<Script> => {
  const fails = async (faults: Script['faults']) => {
    const { violation } = await play({ ...script, faults }, pieces === undefined ? {} : { pieces });
    return violation?.invariant === invariant;
  };
  let faults: Script['faults'] = script.faults.filter((each) => each.at <= at);
  if (!(await fails(faults))) faults = script.faults;
  for (let size = Math.ceil(faults.length / 2); size >= 1; ) {
    let isShorter = false;
    for (let from = 0; from < faults.length; ) {
      const without = [...faults.slice(0, from), ...faults.slice(from + size)];
      if (await fails(without)) {
        faults = without;
        isShorter = true;
      } else from += size;
    }
    if (size === 1 && !isShorter) break;
    if (!isShorter || size > 1) size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return { ...script, faults };
};
