#!/usr/bin/env node
// Loaded late: a Node that is too old is refused before it meets a module that it does not have.
const { guardOutput, main } = await import('./main.ts');

process.exitCode = await main(process.argv.slice(2), guardOutput('sentinel-monitor'));
// A request on its way (a proxy that never answers) keeps nobody waiting who has ended the program.
setTimeout(() => process.exit(), 500).unref();
