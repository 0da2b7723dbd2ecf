import { guardOutput, keepYoungGenerationSmall } from '@sentinel/heartbeat-core';
import { parseFlags } from './flags.ts';
import type { Printed } from './printed.ts';
import { programName } from './program-name.ts';
import { type Deeds, runRequest, watches } from './run-request.ts';

// What only some of the tasks need is loaded when one of them is asked for.

const deeds: Deeds = {
  withoutConfig: (request, env) =>
    request.task === 'fleet' ? import('./fleet.ts').then(({ fleet }) => fleet(request, env)) : null,
  withConfig: async (request, config, env, print, read) => {
    if (request.task !== 'watch') return (await import('./tasks.ts')).runTask(request, config, env, print);
    if (!watches(request)) return (await import('./look.ts')).lookAtBots(request, config, env, print);
    const { watch } = await import('./watch.ts');
    return watch(config, env, request.given.config === undefined ? undefined : read);
  },
};

export const main = async (argv: readonly string[]): Promise<number> => {
  const output = guardOutput(programName());
  const printed: Printed = { ...output, line: console.log, error: console.error };
  const request = parseFlags(argv);
  if ('exitCode' in request) return output.codeOf(request.exitCode);
  if (request.task === 'completion') {
    const { completionOf } = await import('./completion.ts');
    process.stdout.write(completionOf(request.shell));
    return output.codeOf(0);
  }
  // Before the config is read: that of many bots is what takes most room at once.
  if (watches(request) || request.task === 'fleet') keepYoungGenerationSmall();
  return runRequest(request, deeds, printed);
};
