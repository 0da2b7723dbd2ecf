import { type Profiler, Session } from 'node:inspector';

/** What of our own code ran since the last look, as numbers: the same way through a function is the same number. */
export type Coverage = { readonly take: () => readonly number[]; readonly close: () => void };

const ours = /\/(?:packages|apps)\/[^/]+\/src\//;

/** How often, in steps: a loop that turns once more is no other way, one that turns twice as often is. */
const steps = (count: number): number => (count < 2 ? count : 1 + Math.ceil(Math.log2(count)));

const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/** V8 counts how often each block of code runs, in this very process. */
export const startCoverage = (): Coverage => {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const take = (): readonly number[] => {
    let found: readonly Profiler.ScriptCoverage[] = [];
    // Within one thread the answer is there when the call returns.
    session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error !== null) throw error;
      found = answer.result;
    });
    return found
      .filter(({ url }) => ours.test(url))
      .flatMap(({ url, functions }) =>
        functions.map(({ ranges }) =>
          hashOf(url + ranges.map((one) => `${one.startOffset}-${one.endOffset}:${steps(one.count)}`).join()),
        ),
      );
  };
  take();
  return { take, close: () => session.disconnect() };
};
