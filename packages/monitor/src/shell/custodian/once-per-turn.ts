/**
 * Answers once for all that is asked in one turn: a look asks several times for the processes of the machine, and each
 * answer costs. What is asked after anything was waited for is asked anew.
 */
export const oncePerTurn = <T>(ask: () => T): (() => T) => {
  let answer: { readonly value: T } | null = null;
  return () => {
    if (answer === null) {
      answer = { value: ask() };
      queueMicrotask(() => {
        answer = null;
      });
    }
    return answer.value;
  };
};
