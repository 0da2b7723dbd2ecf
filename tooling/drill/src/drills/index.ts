import type { Drill } from '../drill.ts';
import { accepted } from './accepted.ts';
import { children } from './children.ts';
import { clocks } from './clocks.ts';
import { commands } from './commands.ts';
import { containers } from './containers.ts';
import { custodyDoubts } from './custody-doubts.ts';
import { disks } from './disks.ts';
import { ending } from './ending.ts';
import { ends } from './ends.ts';
import { envFiles } from './env-files.ts';
import { evidence } from './evidence.ts';
import { faults } from './faults.ts';
import { firstLooks } from './first-looks.ts';
import { identity } from './identity.ts';
import { identityChanged } from './identity-changed.ts';
import { identityKnown } from './identity-known.ts';
import { identityMachines } from './identity-machines.ts';
import { identityOthers } from './identity-others.ts';
import { identityPlaces } from './identity-places.ts';
import { identitySpellings } from './identity-spellings.ts';
import { identityTrees } from './identity-trees.ts';
import { journal } from './journal.ts';
import { obstacles } from './obstacles.ts';
import { otherBeats } from './other-beats.ts';
import { saying } from './says.ts';
import { seed } from './seed.ts';
import { settling } from './settling.ts';
import { shellBots } from './shell-bots.ts';
import { switchedLinks } from './switched-links.ts';
import { told } from './told.ts';

/** Every drill, in the order of its kinds. */
export const drills: readonly Drill[] = [
  ...seed,
  ...containers,
  ...identity,
  ...identityKnown,
  ...identityPlaces,
  ...identityMachines,
  ...identityTrees,
  ...identitySpellings,
  ...identityOthers,
  ...identityChanged,
  ...custodyDoubts,
  ...ending,
  ...evidence,
  ...obstacles,
  ...saying,
  ...otherBeats,
  ...ends,
  ...settling,
  ...shellBots,
  ...clocks,
  ...journal,
  ...accepted,
  ...switchedLinks,
  ...told,
  ...envFiles,
  ...children,
  ...disks,
  ...commands,
  ...faults,
  ...firstLooks,
];
