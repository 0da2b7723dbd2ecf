import type { Drill } from '../drill.ts';
import { accepted } from './accepted.ts';
import { children } from './children.ts';
import { clocks } from './clocks.ts';
import { commands } from './commands.ts';
import { containers } from './containers.ts';
import { disks } from './disks.ts';
import { ending } from './ending.ts';
import { ends } from './ends.ts';
import { envFiles } from './env-files.ts';
import { evidence } from './evidence.ts';
import { faults } from './faults.ts';
import { identity } from './identity.ts';
import { identityKnown } from './identity-known.ts';
import { identityPlaces } from './identity-places.ts';
import { journal } from './journal.ts';
import { seed } from './seed.ts';
import { settling } from './settling.ts';
import { told } from './told.ts';

/** Every drill, in the order of its kinds. */
export const drills: readonly Drill[] = [
  ...seed,
  ...containers,
  ...identity,
  ...identityKnown,
  ...identityPlaces,
  ...ending,
  ...evidence,
  ...ends,
  ...settling,
  ...clocks,
  ...journal,
  ...accepted,
  ...told,
  ...envFiles,
  ...children,
  ...disks,
  ...commands,
  ...faults,
];
