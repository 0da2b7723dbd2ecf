import type { Notification } from '@sentinel/notify';
import type { Slot, Witness, World } from '../world/world.ts';
import type { Violate } from './violation.ts';

/** 7: nothing is said that is untrue of the world. */
export const onlyTruth = ({ time, table }: World, strict: boolean, violate: Violate): Witness => {
  const commandAt = new Map<Slot, number>();
  const attemptAt = new Map<Slot, number>();
  const openSince = new Map<Slot, number>();
  const untrue = ({ setup }: Slot, notification: Notification, truth: string) =>
    violate(7, `${notification.kind} is told of ${setup.name}: ${truth}`);
  const isCommandThere = () => table.all().some(({ args }) => args?.[2] === 'read -r _');
  const ofVerified = (slot: Slot, told: Notification & { kind: 'restart-verified' }) => {
    const at = commandAt.get(slot);
    // A monitor that was killed between both has decided and not run it: who started the bot then it cannot know.
    if (at === undefined || at < (attemptAt.get(slot) ?? 0)) return;
    if (!strict && isByOther(slot, told.pid)) return;
    const fresh = slot.bot.runs().filter(({ beats, beganAt }) => beats > 0 && beganAt >= at - 20);
    if (fresh.length === 0) untrue(slot, told, 'no process that was started since has beaten');
    else if (typeof told.pid === 'number' && !fresh.some(({ proc }) => proc.pid === told.pid))
      untrue(slot, told, `process ${told.pid} is none of those that were started since`);
  };
  /** Who has started what beats now the product does not ask: it takes it for the work of its last restart. */
  const isByOther = ({ setup, bot }: Slot, pid: unknown) =>
    bot
      .living()
      .filter(({ beats, by }) => beats > 0 && (by === 'person' || setup.recipe === 'daemon'))
      .some(({ proc }) => typeof pid !== 'number' || proc.pid === pid);
  return {
    commandRuns: (slot) => void commandAt.set(slot, time.mono()),
    told: (slot, told) => {
      if (slot === null) return;
      const now = time.mono();
      const { bot } = slot;
      switch (told.kind) {
        case 'unhealthy':
          openSince.set(slot, now);
          return told.state === 'down' ? ofDown(slot, told) : undefined;
        case 'recovered': {
          const since = openSince.get(slot);
          if (since !== undefined && (bot.lastBeatAt() ?? -1) < since)
            untrue(slot, told, 'no beat has come since the incident was told');
          openSince.delete(slot);
          return;
        }
        case 'restart-attempted':
          attemptAt.set(slot, now);
          return;
        case 'restart-verified':
          return ofVerified(slot, told);
        case 'duplicate-instance':
          // A restart command that hangs may be about to start one.
          if (told.processes !== undefined && bot.living().length < 2 && (strict || !isCommandThere()))
            untrue(slot, told, `${bot.living().length} processes of it live`);
      }
    },
  };

  function ofDown(slot: Slot, told: Notification) {
    const last = slot.bot
      .runs()
      .filter(({ lastBeatAt }) => lastBeatAt !== null)
      .sort((one, other) => (one.lastBeatAt ?? 0) - (other.lastBeatAt ?? 0))
      .at(-1);
    if (last?.proc.alive === true) untrue(slot, told, `the process that beat last, ${last.proc.pid}, lives`);
  }
};
