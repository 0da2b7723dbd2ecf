#!/usr/bin/env node
// Loaded late: a Node that is too old is refused before it meets a module that it does not have.
const argv = process.argv.slice(2);
const asksForLook = argv.some((word) => word === '--check' || /^-\w*c/.test(word));

process.exitCode =
  (asksForLook ? await (await import('./look.ts')).look(argv) : null) ??
  (await (await import('./main.ts')).main(argv));
// A request on its way (a proxy that never answers) keeps nobody waiting who has ended the program.
setTimeout(() => process.exit(), 500).unref();
