import type { HostReport } from '@sentinel/peers';
import { z } from 'zod';
import { flagOf, instantOrNull, numberOf, numberOrNull, textOf, textOrNull } from './fields.ts';
import type { StatusAnswer } from './status-schema.ts';

const bot = z.object({
  name: z.string(),
  health: z.string(),
  exposure: textOrNull('What is at stake, in one line; null: nothing, or not said.'),
});

const peer = z
  .object({
    name: z.string(),
    state: z
      .enum(['up', 'unsure', 'silent', 'unwatched', 'stopped', 'unknown'])
      .describe(
        'up; unsure: not heard for a while; silent: for longer than the maximum age; unwatched: its API answers, its monitor does not work; stopped: on purpose; unknown: another host answers',
      ),
    silent_seconds: numberOrNull('Since its last sign of life; null: there was none.'),
    reason: textOrNull('Why the last question brought no answer.'),
    in_vain: flagOf('Asked in vain, and not heard for the maximum age or since the monitor here started.'),
    finding: z.enum(['unreachable', 'unwatched', 'down']).nullable().describe('What its open incident says.'),
    incident: textOrNull('Its open incident: the same id on every host.'),
    bots: z.array(bot).describe('Of a host with an incident: its bots, as they were last.'),
  })
  .meta({ id: 'Peer' });

/** What a host says to the monitors of other hosts. */
export const fleetAnswer = z
  .object({
    host: z.string(),
    boot: textOrNull('This start of the machine.'),
    run: textOf('This start of the monitor.'),
    round: numberOf('Rises while the monitor works.'),
    epoch: numberOf('Rises with each outage that the host has learned of.'),
    stopped: flagOf('The monitor was ended on purpose.'),
    tells: flagOf('It has channels.'),
    deaf: flagOf('It doubts itself: what it does not hear proves nothing.'),
    bots: z.array(bot),
    peers: z.array(peer),
    told: z
      .array(z.object({ event: z.string(), sent: z.boolean() }))
      .describe('Alerts that it has raised; sent: a channel has taken it.'),
  })
  .meta({ id: 'Fleet' });

export const peersAnswer = z
  .object({
    host: textOrNull('As the peers call this host; null: its monitor has no peers.'),
    deaf: z.boolean(),
    as_of: instantOrNull('When the monitor wrote it.'),
    current: flagOf('False: the monitor has written nothing for a while, and nothing is known now.'),
    peers: z.array(peer),
  })
  .meta({ id: 'Peers' });

type PeersAnswer = z.infer<typeof peersAnswer>;

export type OwnReport = { readonly report: HostReport; readonly at: number };

/** The monitor writes every two seconds, in ms. */
const currentMs = 15_000;

const isCurrent = ({ at }: OwnReport, now: number): boolean => Math.abs(now - at) < currentMs;

/** What may be handed on: a row that was left by a monitor which has died is no sign of life. */
export const handedOn = (own: OwnReport | null, now: number): OwnReport | null =>
  own !== null && (isCurrent(own, now) || own.report.stopped) ? own : null;

/** The report with the bots as this API judges them. */
export const fleetOf = (
  { report }: OwnReport,
  answers: readonly StatusAnswer[],
): z.infer<typeof fleetAnswer> => ({
  ...report,
  peers: report.peers.map((one) => ({ ...one, bots: [...one.bots] })),
  told: [...report.told],
  bots: answers.map(({ bot: name, health, exposure }) => ({
    name,
    health,
    exposure: exposure?.text ?? null,
  })),
});

/** The peers of this host. Of a monitor that does not go on nothing is known now. */
export const peersOf = (own: OwnReport | null, now: number): PeersAnswer => {
  if (own === null) return { host: null, deaf: false, as_of: null, current: false, peers: [] };
  const { report, at } = own;
  const current = isCurrent(own, now);
  return {
    host: report.host,
    deaf: report.deaf,
    as_of: new Date(at).toISOString(),
    current,
    peers: report.peers.map((one) => ({
      ...one,
      state: current ? one.state : 'unsure',
      bots: [...one.bots],
    })),
  };
};
