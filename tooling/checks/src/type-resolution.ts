import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

type Problem = { readonly kind: string; readonly resolutionKind?: string };
type Found = { readonly types: unknown; readonly problems: readonly Problem[] };
type Core = {
  readonly createPackageFromTarballData: (bytes: Uint8Array) => unknown;
  readonly checkPackage: (pack: unknown) => Promise<Found>;
};

// What the command `attw` is made of. As a command it loads TypeScript anew for each package, and that takes longer than
// the look itself.
const require = createRequire(import.meta.url);
const core = createRequire(require.resolve('@arethetypeswrong/cli/package.json')).resolve(
  '@arethetypeswrong/core',
);

/** The libraries are ES modules alone: every Node that they run on can also require() those. */
const passedOver: readonly unknown[] = ['node10', 'node16-cjs'];

/**
 * What a user of a packed library would meet with its types, as `attw --profile esm-only` sees it; empty: nothing.
 *
 * @param tarball the path of what npm would be given.
 */
export const typeProblems = async (tarball: string): Promise<readonly string[]> => {
  const { checkPackage, createPackageFromTarballData } = (await import(pathToFileURL(core).href)) as Core;
  const found = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  if (found.types === false) return ['it has no types'];
  return found.problems
    .filter(({ resolutionKind }) => !passedOver.includes(resolutionKind))
    .map((problem) => JSON.stringify(problem));
};
