// Lets publint and the parts of attw look at what a user would get of each package.
import { execFileSync } from 'node:child_process';
import { publishedPackages, tarballOf } from './published.ts';
import { typeProblems } from './type-resolution.ts';

const problemsOf = (tarball: string): string => {
  try {
    execFileSync('publint', ['run', tarball, '--strict'], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
    return `${stdout}${stderr}` || message;
  }
};

let failed = false;
for (const one of publishedPackages()) {
  const { name, exports } = one.manifest;
  const tarball = tarballOf(one);
  // A command has no types.
  const types = exports === undefined ? [] : await typeProblems(tarball);
  const problems = [problemsOf(tarball), ...types].filter((problem) => problem !== '');
  if (problems.length === 0) continue;
  failed = true;
  console.error(`${name}:\n${problems.join('\n')}`);
}
process.exitCode = failed ? 1 : 0;
