#!/usr/bin/env node
// Loaded late: a Node that is too old is refused before it meets a module that it does not have.
const { guardOutput, runCli } = await import('./cli.ts');

const [program = process.execPath, script = ''] = process.argv;

process.exit(
  await runCli(process.argv.slice(2), {
    say: (line) => process.stdout.write(`${line.trimEnd()}\n`),
    complain: (line) => process.stderr.write(`${line.trimEnd()}\n`),
    output: guardOutput('sentinel-bot'),
    self: [program, ...process.execArgv, script],
  }),
);
