import { type HealthState, healthStates } from '@sentinel/heartbeat-core';
import { z } from 'zod';

const names = Object.keys(healthStates) as [HealthState, ...HealthState[]];

export const healthState = z.enum(names);

const instant = z.iso.datetime();

const exposure = z
  .object({
    text: z.string().nullable().describe('In one line; null: nothing is at stake.'),
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
    paused_by: z.string().nullable().describe('Who has paused the bot; null: nobody.'),
    paused_reason: z.string().nullable(),
    incident_since: instant.nullable().describe('Since when an incident is open; null: none is.'),
    acknowledged_by: z.string().nullable().describe('Who has the incident, or has put off its reminders.'),
    acknowledged_until: instant.nullable().describe('null: until the incident ends.'),
    snoozed: z.boolean().describe('Only the reminders are put off.'),
    attempt: z.int().nullable().describe('Which restart of its window the last one was.'),
    most: z.int().nullable().describe('How many restarts there may be in a window; null: restarts are off.'),
    waits_until: instant
      .nullable()
      .describe(
        'When what is waited for now is over: the first beat, the next restart, the end of an incident.',
      ),
    not_restarted: z.string().nullable().describe('Why a restart is not safe, where people were told.'),
    stopped: z.string().nullable().describe('Who had the bot stopped, since when and why, in words.'),
    stopped_at: z.iso
      .datetime()
      .nullable()
      .describe('When it was seen not to run; null: it is being ended, or nobody had it stopped.'),
  })
  .meta({ id: 'Course' });

/** What `GET /api/heartbeat/status` answers. The first five fields are those that existing readers know. */
export const statusAnswer = z
  .object({
    status: z
      .string()
      .describe('The status as the bot wrote it, with its indicator; ❓ and the cause when there is none.'),
    timestamp: z
      .string()
      .nullable()
      .describe('Line 2 of the status file as it stands there; null without a beat.'),
    session_active: z.boolean().describe('What the bot last said of its session; false without a beat.'),
    uptime: z
      .number()
      .describe(
        "Seconds since the bot's current start; of a writer that does not say, since its beats were first seen here without a break; 0 when it does not beat or nothing is known.",
      ),
    last_update: z
      .string()
      .nullable()
      .describe('When the bot last beat, as it wrote it; null without a beat.'),
    health: healthState,
    reason: z.string().describe('Why the health is what it is, in one line.'),
    indicator: z.string().nullable().describe('The indicator of the status; ❓ without a beat.'),
    age_seconds: z.number().nullable().describe('Age of the beat; null without one.'),
    session: z
      .enum(['active', 'inactive', 'unknown'])
      .describe('What can be said of the session now: unknown when the beat is too old, or there is none.'),
    instance: z.string().nullable().describe('The id of this run of the bot, where it says.'),
    bot: z.string(),
    next_deadline: instant
      .nullable()
      .describe('When this beat turns stale; null without one, and while the bot is stopped.'),
    restarts_left: z.int().nullable().describe("What is left of the monitor's budget; null when not known."),
    phase: z
      .string()
      .nullable()
      .describe(
        'Where the supervision stands (starting, up, stopped, suspect, down, ending, restarting, exhausted, settling); null where no monitor lives.',
      ),
    restart_safety: z
      .string()
      .nullable()
      .describe(
        'How far the monitor could restart the bot safely, in its words; null where restarts are off or no monitor lives.',
      ),
    tags: z.array(z.string()).describe('Words by which people find it, from the config file.'),
    takes_orders: z.boolean().describe('Whether this API takes orders: a token for them is set.'),
    paused_until: instant
      .nullable()
      .describe('Until when the monitor holds its hand; null when it does not.'),
    closed_until: instant
      .nullable()
      .describe("When the bot's market opens again: until then its age stands still; null while it is open."),
    max_age_seconds: z.number(),
    monitor: z.object({ alive: z.boolean(), last_seen: instant.nullable() }),
    course: course
      .nullable()
      .describe(
        'What the monitor is doing about the bot; null where none lives, or it is of an earlier version.',
      ),
    halted: z
      .string()
      .nullable()
      .describe('Why the bot does not trade, on purpose; null where it does not say so.'),
    halted_by_person: z
      .boolean()
      .describe('A person has halted it by command; false: the bot itself has, or nobody.'),
    halted_until: instant
      .nullable()
      .describe('When a halt by a person ends by itself; null: only by `unhalt`, or there is none.'),
    needs_person: z.string().nullable().describe('What the bot asks a person for; null: nothing.'),
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
    warnings: z.array(z.string()).describe('What an operator should look at, although it is no outage.'),
  })
  .meta({ id: 'Status' });

export type StatusAnswer = z.infer<typeof statusAnswer>;

export const botsAnswer = z.object({ bots: z.array(statusAnswer) }).meta({ id: 'Bots' });
