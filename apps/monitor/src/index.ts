#!/usr/bin/env node
// Loaded late: a Node that is too old is refused before it meets a module that it does not have.
const { main } = await import('./main.ts');

process.exitCode = await main(process.argv.slice(2));
