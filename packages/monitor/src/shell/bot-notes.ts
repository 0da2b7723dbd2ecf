import { explainSight } from '../core/explain.ts';
import { healthLine } from '../core/lines.ts';
import type { Observation } from '../core/observation.ts';
import { keptFromMs, standOf } from '../core/stall.ts';
import type { SupervisorState } from '../core/supervisor-state.ts';
import type { Instant, Track } from '../core/track.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

/** Puts what was seen of one bot into the journal, and what is news into the log. */
export class BotNotes {
  private readonly options: BotOptions;
  private readonly shared: Shared;
  private shown = '';

  constructor(options: BotOptions, shared: Shared) {
    this.options = options;
    this.shared = shared;
  }

  note(state: SupervisorState, { reading, seen }: Track, saw: Observation, at: Instant): void {
    const { name: bot, health } = this.options;
    const { journal, log } = this.shared;
    // Before the first beat of a first start nothing is known of the bot: that time is no outage.
    const isKnown = saw.everBeat || state.phase !== 'starting';
    journal.seen(bot, reading, saw.health, explainSight(state, saw), at.wall, isKnown);
    if (reading.kind === 'beat')
      journal.stood(bot, standOf(reading, seen, at.now), keptFromMs(health.maxStallMs), at.wall);
    const news = healthLine(this.shown, state, saw);
    this.shown = news.shown;
    if (news.line !== null) log.info(news.line, { bot });
  }
}
