import { cleanTexts } from '@sentinel/heartbeat-core';
import { fleetQuery, fleetTableAnswer, fleetTableOf } from '../../core/fleet-table.ts';
import { answer, problems } from '../answers.ts';
import type { App, Context } from '../context.ts';

export const fleetRoute = (app: App, { fleet, clock, clean }: Context): void => {
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
    ({ query }) => cleanTexts(fleetTableOf(fleet(), query, clock.now()), clean),
  );
};
