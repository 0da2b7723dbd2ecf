import { hostname } from 'node:os';
import { errorMessage, thisBoot } from '@sentinel/heartbeat-core';
import type { BotView, FleetSettings } from '@sentinel/monitor';
import { version } from './flags.ts';
import type { Log } from './log.ts';

/** What tells the fleet how the bots are. The monitor never waits for it. */
export type FleetAgent = {
  readonly worked: (views: readonly BotView[]) => void;
  readonly stop: () => Promise<void>;
};

const factsOf = ({ name, state, ageMs, exposure, reason }: BotView) => ({
  ...{ name, state, ageMs, exposure },
  reason: state === 'healthy' ? null : reason,
});

/** Starts the agent. Its library is loaded only here: a monitor outside of a fleet does without its memory. */
const start = async ({ host, nats }: FleetSettings, peerName: string | undefined, log: Log) => {
  const { nodeNameOf, startAgent } = await import('@sentinel/fleet');
  const name = host ?? nodeNameOf(peerName ?? hostname());
  const agent = startAgent({ host: name, nats, boot: thisBoot() ?? 'unknown', version: version(), log });
  log.info(`Fleet: this machine is ${name}. It tells ${nats.servers.join(', ')} how its bots are`);
  return agent;
};

/** @param peerName what peers call this machine: its name in the fleet, too, unless the fleet says otherwise. */
export const openFleetAgent = (
  settings: FleetSettings,
  peerName: string | undefined,
  log: Log,
): FleetAgent => {
  let latest: readonly BotView[] = [];
  let take = () => {};
  const starting = start(settings, peerName, log).then(
    (agent) => {
      take = () => agent.take(latest.map(factsOf));
      if (latest.length > 0) take();
      return agent.stop;
    },
    // Watching goes on without it.
    (error: unknown) => {
      log.error(`Fleet: it is told nothing: ${errorMessage(error)}`);
      return async () => {};
    },
  );
  return {
    worked: (views) => {
      latest = views;
      take();
    },
    stop: async () => (await starting)(),
  };
};
