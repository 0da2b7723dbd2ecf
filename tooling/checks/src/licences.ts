// The licences of all that is shipped are among those that let a user do with it what ours does.
import { pnpmCommand } from './pnpm-command.ts';
import { runForText } from './run-for-text.ts';

/** Licences by their SPDX names that ask for a notice at most. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);

/** As `pnpm licenses list --json` prints it: the packages under each licence. */
type Listing = Readonly<Record<string, readonly { readonly name: string }[]>>;

/** `MIT OR GPL-2.0` is what one of both is; what is joined otherwise has to be looked at by a person. */
const isAllowed = (licence: string): boolean =>
  licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((one) => allowed.has(one));

/** What is wrong with the licences of what is shipped, in lines. */
export const licenceFaults = (listing: Listing): readonly string[] => {
  if (Object.keys(listing).length === 0) return ['pnpm listed no package at all: install first'];
  return Object.entries(listing)
    .filter(([licence]) => !isAllowed(licence))
    .map(
      ([licence, packages]) =>
        `${packages.map(({ name }) => name).join(', ')}: the licence ${licence} is not among those that tooling/checks/src/licences.ts allows`,
    );
};

if (import.meta.main) {
  const shipped = ['--filter', './packages/*', '--filter', './apps/*'];
  const { text, complaint } = runForText(pnpmCommand([...shipped, 'licenses', 'list', '--json', '--prod']));
  const faults = text === '' ? [complaint] : licenceFaults(JSON.parse(text) as Listing);
  for (const line of faults) console.error(line);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
