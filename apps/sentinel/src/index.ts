#!/usr/bin/env node
// Loaded late: a Node that is too old is refused before it meets a module that it does not have.
const { run } = await import('./main.ts');

await run(process.argv.slice(2));
