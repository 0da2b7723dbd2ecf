#!/usr/bin/env node
// Loaded late: a Node that is too old is refused before it meets a module that it does not have.
const { runCli } = await import('./cli.ts');

const [program = process.execPath, script = ''] = process.argv;

// Whoever reads the output may go, a pipe or a terminal: a bot does not end for that.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exit(
  await runCli(process.argv.slice(2), {
    say: (line) => process.stdout.write(`${line.trimEnd()}\n`),
    complain: (line) => process.stderr.write(`${line.trimEnd()}\n`),
    self: [program, ...process.execArgv, script],
  }),
);
