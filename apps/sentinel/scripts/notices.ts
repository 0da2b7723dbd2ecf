import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the package that a file belongs to; `null`: it is one of ours. */
const packageOf = (file: string): string | null =>
  /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? null;

const noticeOf = (folder: string): readonly [title: string, text: string] => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.|-|$)/i.test(each));
  const text =
    file === undefined
      ? `Licence: ${license ?? 'see the package'}`
      : readFileSync(join(folder, file), 'utf8');
  return [`${name} ${version}`, text.trim()];
};

/** The licences of the packages that these files come from: what is bundled is passed on with its notice. */
export const noticesOf = (files: readonly string[]): string => {
  const folders = new Set(files.map(packageOf).filter((folder) => folder !== null));
  const notices = new Map(
    [...folders].filter((folder) => existsSync(join(folder, 'package.json'))).map(noticeOf),
  );
  return [...notices]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([title, text]) => `${title}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
};
