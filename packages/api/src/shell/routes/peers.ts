import { peersAnswer, peersOf } from '../../core/fleet-answer.ts';
import { answer, problems } from '../answers.ts';
import type { App, Context } from '../context.ts';

export const peersRoute = (app: App, { journal, clock }: Context): void => {
  app.get(
    '/api/peers',
    {
      schema: {
        summary: 'The hosts that the monitor of this one asks, and how it sees them',
        tags: ['status'],
        response: { 200: answer('None where no peers are configured', peersAnswer), ...problems },
      },
    },
    () => peersOf(journal.report(), clock.now()),
  );
};
