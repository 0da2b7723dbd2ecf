// Checks the types of the files that a configuration names: node tooling/checks/src/types-of.ts TSCONFIG
import { typeErrors } from './named-types.ts';

const errors = typeErrors(process.argv[2] ?? '');
if (errors !== '') console.error(errors);
process.exitCode = errors === '' ? 0 : 1;
