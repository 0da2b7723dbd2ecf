import type { MonitorRun } from '../product/monitor-run.ts';
import { policy } from '../world/bot-options.ts';
import type { Slot, World } from '../world/world.ts';
import type { Violate } from './violation.ts';

const isWell = ({ bot }: Slot, now: number) =>
  bot.living().some(({ lastBeatAt }) => lastBeatAt !== null && now - lastBeatAt < policy.maxAgeMs);

/** 5: in the end a bot is well, or people were told why it is not. */
export const runsAgain = ({ bots, time }: World, run: MonitorRun, violate: Violate): void => {
  const views = run.monitor.views();
  for (const [index, slot] of bots.entries()) {
    const { setup } = slot;
    const view = views[index];
    if (view === undefined) continue;
    if (isWell(slot, time.mono())) {
      if (view.state !== 'healthy' && !slot.bot.living().some(({ habit }) => habit !== 'healthy'))
        violate(5, `${setup.name} is well, and is called ${view.state} (${view.reason})`);
      continue;
    }
    if (view.state === 'stopped') continue;
    if (view.incidentSince === null)
      violate(
        5,
        `${setup.name} is not well, nobody was told: ${view.state}, ${view.phase}, ${view.standing}`,
      );
    else if (setup.recipe !== 'none' && !/unsafe|not safe/.test(`${view.standing} ${view.custody}`))
      violate(
        5,
        `${setup.name} could be restarted and does not run: ${view.phase}, ${view.standing}, ${view.custody}`,
      );
  }
};
