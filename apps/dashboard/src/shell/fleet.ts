import { jsonIn } from '@sentinel/heartbeat-core/browser';
import { type OrderResult, orderResult } from '../core/orders.ts';
import { address, isOfTheNetwork } from './api.ts';

/** Says to the fleet that somebody has an incident. Never throws: what went wrong is in the result, in words. */
export const ackIncident = async (incident: string, token: string): Promise<OrderResult> => {
  try {
    const response = await fetch(address('fleet/ack'), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ incident }),
      signal: AbortSignal.timeout(15_000),
    });
    const answer = orderResult('ack', response.status, jsonIn(await response.text()));
    const text = 'You have the incident: no reminders until it ends. The page says so within a minute.';
    return answer.kind === 'waiting' ? { kind: 'done', text } : answer;
  } catch (error) {
    if (!isOfTheNetwork(error)) throw error;
    return { kind: 'failed', text: 'The API did not answer: whether the fleet has it is not known.' };
  }
};
