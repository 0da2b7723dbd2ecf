import { layOut } from './layout.ts';
import { variable } from './variable.ts';

/** Once per test run, before any worker: they inherit where the layout is. */
export const setup = (): void => {
  process.env[variable] ??= layOut();
};
