#!/usr/bin/env node
// Loaded late: a Node that is too old is refused before it meets a module that it does not have.
const { main } = await import('./main.ts');

// Whoever reads the output may go, a pipe or a terminal: nothing ends for that.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });

process.exitCode = await main(process.argv.slice(2));
// A request on its way (a proxy that never answers) keeps nobody waiting who has ended the program.
setTimeout(() => process.exit(), 500).unref();
