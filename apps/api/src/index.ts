#!/usr/bin/env node
// Loaded late: a Node that is too old is refused before it meets a module that it does not have.
const { guardOutput, runCli } = await import('./cli.ts');

process.exitCode = await runCli(process.argv.slice(2), guardOutput('sentinel-api'));
