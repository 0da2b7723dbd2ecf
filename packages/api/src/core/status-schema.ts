import { type HealthState, healthStates } from '@sentinel/heartbeat-core';
import { z } from 'zod';
import {
  countOrNull,
  flagOf,
  instant,
  instantOrNull,
  listOf,
  numberOf,
  numberOrNull,
  textOf,
  textOrNull,
} from './fields.ts';

const names = Object.keys(healthStates) as [HealthState, ...HealthState[]];

export const healthState = z.enum(names);

const exposure = z
  .object({
    text: textOrNull('In one line; null: nothing is at stake.'),
    positions: z.array(
      z.object({
        symbol: z.string(),
        side: z.enum(['long', 'short']),
        quantity: z.number(),
        stop: z.boolean().nullable().describe('Whether a resting stop protects it; null: not said.'),
      }),
    ),
    orders: z.int().nullable(),
    pnl_day: z.number().nullable(),
    currency: z.string().nullable(),
  })
  .meta({ id: 'Exposure' });

const course = z
  .object({
    paused_by: textOrNull('Who has paused the bot; null: nobody.'),
    paused_reason: z.string().nullable(),
    incident_since: instantOrNull('Since when an incident is open; null: none is.'),
    acknowledged_by: textOrNull('Who has the incident, or has put off its reminders.'),
    acknowledged_until: instantOrNull('null: until the incident ends.'),
    snoozed: flagOf('Only the reminders are put off.'),
    attempt: countOrNull('Which restart of its window the last one was.'),
    most: countOrNull('How many restarts there may be in a window; null: restarts are off.'),
    waits_until: instantOrNull(
      'When what is waited for now is over: the first beat, the next restart, the end of an incident.',
    ),
    not_restarted: textOrNull('Why a restart is not safe, where people were told.'),
    not_stopped: textOrNull(
      'Why an order to stop it would be refused; null: it would be taken, as far as is known.',
    ),
    stopped: textOrNull('Who had the bot stopped, since when and why, in words.'),
    stopped_at: instantOrNull(
      'When it was seen not to run; null: it is being ended, or nobody had it stopped.',
    ),
  })
  .meta({ id: 'Course' });

/** What `GET /api/heartbeat/status` answers. The first five fields are those that existing readers know. */
export const statusAnswer = z
  .object({
    status: textOf(
      'The status as the bot wrote it, with its indicator; ❓ and the cause when there is none.',
    ),
    timestamp: textOrNull('Line 2 of the status file as it stands there; null without a beat.'),
    session_active: flagOf('What the bot last said of its session; false without a beat.'),
    uptime: numberOf(
      "Seconds since the bot's current start; of a writer that does not say, since its beats were first seen here without a break; 0 when it does not beat or nothing is known.",
    ),
    last_update: textOrNull('When the bot last beat, as it wrote it; null without a beat.'),
    uptime_from: z
      .enum(['start', 'first-seen'])
      .nullable()
      .describe('What `uptime` counts from; null: it does not beat, or nothing is known.'),
    health: healthState,
    reason: textOf('Why the health is what it is, in one line.'),
    indicator: textOrNull('The indicator of the status; ❓ without a beat.'),
    age_seconds: numberOrNull('Age of the beat; null without one.'),
    session: z
      .enum(['active', 'inactive', 'unknown'])
      .describe('What can be said of the session now: unknown when the beat is too old, or there is none.'),
    instance: textOrNull('The id of this run of the bot, where it says.'),
    bot: z.string(),
    next_deadline: instantOrNull(
      'When this beat turns stale; null without one, and while the bot is stopped.',
    ),
    restarts_left: countOrNull("What is left of the monitor's budget; null when not known."),
    phase: textOrNull(
      'Where the supervision stands (starting, up, stopped, suspect, down, ending, restarting, exhausted, settling); null where no monitor lives.',
    ),
    restart_safety: textOrNull(
      'How far the monitor could restart the bot safely, in its words; null where restarts are off or no monitor lives.',
    ),
    tags: listOf('Words by which people find it, from the config file.'),
    takes_orders: flagOf('Whether this API takes orders: a token for them is set.'),
    paused_until: instantOrNull('Until when the monitor holds its hand; null when it does not.'),
    closed_until: instantOrNull(
      "When the bot's market opens again: until then its age stands still; null while it is open.",
    ),
    max_age_seconds: z.number(),
    monitor: z.object({ alive: z.boolean(), last_seen: instant.nullable() }),
    course: course
      .nullable()
      .describe(
        'What the monitor is doing about the bot; null where none lives, or it is of an earlier version.',
      ),
    halted: textOrNull('Why the bot does not trade, on purpose; null where it does not say so.'),
    halted_by_person: flagOf('A person has halted it by command; false: the bot itself has, or nobody.'),
    halted_until: instantOrNull(
      'When a halt by a person ends by itself; null: only by `unhalt`, or there is none.',
    ),
    needs_person: textOrNull('What the bot asks a person for; null: nothing.'),
    exposure: exposure
      .nullable()
      .describe('What the bot has at stake, by its last beat; null where it does not say.'),
    feeds: z
      .record(z.string(), instant)
      .nullable()
      .describe('When each feed of the bot last brought something.'),
    expect: z
      .object({ what: z.string(), by: instant })
      .nullable()
      .describe('What should happen by when, as the bot says.'),
    others: z
      .record(z.string(), z.string())
      .nullable()
      .describe('Keys of the beat that Sentinel does not know, in words.'),
    self_test: z
      .object({ at: instant, good: z.boolean(), text: z.string() })
      .nullable()
      .describe('What came of the last self-test of the channels; null: none is known of.'),
    warnings: listOf('What an operator should look at, although it is no outage.'),
  })
  .meta({ id: 'Status' });

export type StatusAnswer = z.infer<typeof statusAnswer>;

export const botsAnswer = z.object({ bots: z.array(statusAnswer) }).meta({ id: 'Bots' });
