/** What was typed to run this program: `sentinel` runs it in its own process, and says so under this symbol. */
export const programName = (): string => {
  const name: unknown = Reflect.get(globalThis, Symbol.for('sentinel.command'));
  return typeof name === 'string' ? name : 'sentinel-monitor';
};
