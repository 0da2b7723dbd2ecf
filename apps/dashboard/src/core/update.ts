import { ageAt } from './age.ts';
import type { Now } from './clock.ts';
import { mergeLog, seenChange } from './log.ts';
import { type Event, emptyDetail, type Heard, type Model, type Sample, selectedBot } from './model.ts';
import { isDown, worst } from './states.ts';
import type { BotStatus } from './wire.ts';

/** The log and the plot are for the last hour or so; a page left open for weeks must not grow. */
const keptItems = 2_000;

/** The next model. Everything the page knows changes here and nowhere else. */
export const update = (model: Model, event: Event): Model => {
  switch (event.kind) {
    case 'link':
      return { ...model, link: event.link };
    case 'heard':
      return { ...model, link: { kind: 'live', heard: event.now } };
    case 'bots':
      return botsOf(model, event.bots, event.now);
    case 'status':
      return heardOf(model, event.status, event.now);
    case 'log':
      return ofSelected(model, event.item.bot, (detail) => ({
        ...detail,
        log: mergeLog(detail.log ?? [], [event.item]).slice(0, keptItems),
      }));
    case 'incident':
      return ofSelected(model, event.incident.bot, (detail) => ({
        ...detail,
        incidents: [
          event.incident,
          ...(detail.incidents ?? []).filter(({ id }) => id !== event.incident.id),
        ].sort((one, other) => other.startedAt - one.startedAt),
      }));
    case 'detail':
      return ofSelected(model, event.bot, (detail) => ({
        ...detail,
        ...event.detail,
        log: event.detail.log === undefined ? detail.log : mergeLog(detail.log ?? [], event.detail.log ?? []),
      }));
    case 'older-log':
      return ofSelected(model, event.bot, (detail) => ({
        ...detail,
        log: mergeLog(detail.log ?? [], event.items),
        logNext: event.next,
      }));
    case 'select':
      return chooseBot({
        ...model,
        wanted: event.bot ?? (isHeardOf(model, model.wanted) ? model.wanted : null),
        incident: event.incident,
        wall: event.wall,
      });
  }
};

const clearedFor = (model: Model, bot: string | null): Model => ({
  ...model,
  selected: bot,
  detail: emptyDetail,
  samples: [],
});

const isHeardOf = ({ bots }: Model, name: string | null): boolean =>
  bots.some(({ status }) => status.bot === name);

const chooseBot = (model: Model): Model => {
  const { wanted, selected, bots } = model;
  // A name that nobody knows must not show another bot.
  const chosen = isHeardOf(model, wanted) ? wanted : null;
  if (wanted !== null) return chosen === selected ? model : clearedFor(model, chosen);
  return selectedBot(model) === null ? clearedFor(model, firstLook(bots)) : model;
};

/** Until somebody chooses, the bot that most needs a look is shown. */
const firstLook = (bots: readonly Heard[]): string | null => {
  const state = worst(bots.map(({ status }) => status.state));
  return bots.find(({ status }) => status.state === state)?.status.bot ?? null;
};

/** News of a bot other than the one shown changes nothing in its history. */
const ofSelected = (
  model: Model,
  bot: string | null,
  change: (detail: Model['detail']) => Model['detail'],
): Model => {
  const single = model.bots.length <= 1;
  return bot === model.selected || (bot === null && single)
    ? { ...model, detail: change(model.detail) }
    : model;
};

const botsOf = (model: Model, bots: readonly BotStatus[], now: Now): Model => {
  const next = chooseBot({ ...model, bots: bots.map((status) => ({ status, at: now })) });
  const heard = selectedBot(next);
  return heard === null ? next : { ...next, samples: [...next.samples, sampleOf(heard)].slice(-keptItems) };
};

const heardOf = (model: Model, status: BotStatus, now: Now): Model => {
  const heard: Heard = { status, at: now };
  const known = model.bots.find((each) => each.status.bot === status.bot);
  const bots =
    known === undefined ? [...model.bots, heard] : model.bots.map((each) => (each === known ? heard : each));
  const next = chooseBot({ ...model, bots });
  if (status.bot !== next.selected) return next;
  const seen = seenChange(known, heard);
  const detail =
    seen === null ? next.detail : { ...next.detail, log: mergeLog(next.detail.log ?? [], [seen]) };
  const samples = [...next.samples, sampleOf(heard)].slice(-keptItems);
  const beat = known !== undefined && isYounger(heard, known);
  return { ...next, detail, samples, beats: beat ? next.beats + 1 : next.beats };
};

/** What is heard of a bot is also a point of its plot. */
const sampleOf = ({ status, at }: Heard): Sample => ({
  at: at.wall,
  // An age that stands still would look like one beat after the other.
  ageSeconds: status.closedUntil === null ? status.ageSeconds : null,
  down: isDown(status.state),
});

const isYounger = (heard: Heard, before: Heard): boolean => {
  if (heard.status.ageSeconds === null) return false;
  if (before.status.ageSeconds === null) return true;
  const expected = ageAt(before, heard.at) ?? 0;
  // The API tells whole seconds: less of a difference than one may be rounding.
  return expected - heard.status.ageSeconds >= 1;
};
