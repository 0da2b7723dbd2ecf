import { cleanTexts, errorMessage } from '@sentinel/heartbeat-core';
import { addressOf } from '@sentinel/tokens';
import {
  type FleetTable,
  fleetAck,
  fleetAcked,
  fleetQuery,
  fleetTableAnswer,
  fleetTableOf,
} from '../../core/fleet-table.ts';
import { answer, problems } from '../answers.ts';
import type { App, Context } from '../context.ts';
import { ApiFailure } from '../failure.ts';
import { json, plainHeaders, sendText } from '../send.ts';

/** Answers to so many questions are kept, and each for a second at most: ages are of that second. */
const mostKept = 100;

/** The answer to each question is made once for a table: every page asks the same. */
const cacheFleet = ({ fleet, clock, clean, options }: Context) => {
  const takesOrders = options.apiToken !== undefined && options.ackFleet !== undefined;
  const kept = new Map<string, string>();
  let of: { readonly table: FleetTable | null; readonly second: number } | null = null;
  return (query: Parameters<typeof fleetTableOf>[1]): string => {
    const [table, now] = [fleet(), clock.now()];
    const second = Math.floor(now / 1000);
    if (of === null || of.table !== table || of.second !== second || kept.size >= mostKept) kept.clear();
    of = { table, second };
    const key = JSON.stringify(query);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const text = JSON.stringify(cleanTexts(fleetTableOf(table, query, now, takesOrders), clean));
    kept.set(key, text);
    return text;
  };
};

export const fleetRoute = (app: App, context: Context): void => {
  const current = cacheFleet(context);
  app.get(
    '/api/fleet',
    {
      schema: {
        summary:
          'The hosts of the fleet, their bots and incidents, as the observer of this machine sees them',
        description: 'Several observers see the same; ask the API of each. See docs/fleet.md.',
        tags: ['status'],
        querystring: fleetQuery,
        response: { 200: answer('Without an observer: none', fleetTableAnswer), ...problems },
      },
    },
    ({ query }, reply) => sendText(reply, json, current(query)),
  );
};

/** What people order of a fleet. It is given to the fleet here, and the answer says what came of it. */
export const fleetOrders = (app: App, { options: { ackFleet }, fleet, log }: Context): void => {
  app.post(
    '/api/fleet/ack',
    {
      onRequest: plainHeaders,
      schema: {
        summary: 'Somebody has an incident of the fleet: no reminders until it ends',
        description: 'Observers take it within a minute.',
        tags: ['orders'],
        security: [{ change: [] }],
        body: fleetAck,
        response: { 200: answer('The fleet has it', fleetAcked), ...problems },
      },
    },
    async (request) => {
      const { incident, by } = request.body;
      const observer = fleet()?.observer;
      if (ackFleet === undefined || observer === undefined)
        throw new ApiFailure(404, 'No observer of a fleet works on the machine of this API');
      const who = `api ${addressOf(request)}${by === undefined ? '' : ` (${by})`}`;
      const refused = await ackFleet({ incident, by: who, observer }).catch((error) => {
        log.warn(`The fleet cannot be asked: ${errorMessage(error)}`);
        throw new ApiFailure(503, 'The servers of the fleet cannot be asked; the log of the API says why');
      });
      if (refused !== null) throw new ApiFailure(409, refused);
      log.info(`incident ${incident} of the fleet acknowledged by ${who}`);
      return { acknowledged: true as const };
    },
  );
};
