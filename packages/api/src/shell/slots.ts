type Slots = {
  /** A slot for `who`, given back by calling what it returns. `null`: all of theirs are taken. */
  readonly take: (who: string) => (() => void) | null;
};

/** Lets each have `most` of something at a time. Whoever has none is not remembered. */
export const createSlots = (most: number): Slots => {
  const taken = new Map<string, number>();
  const add = (who: string, change: 1 | -1) => {
    const count = (taken.get(who) ?? 0) + change;
    if (count > 0) taken.set(who, count);
    else taken.delete(who);
  };
  return {
    take: (who) => {
      if ((taken.get(who) ?? 0) >= most) return null;
      add(who, 1);
      let given = false;
      return () => {
        if (!given) add(who, -1);
        given = true;
      };
    },
  };
};
