import { useState } from 'preact/hooks';
import type { FleetIncidentRow } from '../core/fleet-hosts.ts';
import type { OrderResult } from '../core/orders.ts';
import { ackIncident } from '../shell/fleet.ts';
import { readToken, writeToken } from '../shell/storage.ts';
import { TokenDialog } from './token-dialog.tsx';

/** What is wrong in the fleet. Somebody may say that they have it: a token is asked for once, when it is first needed. */
export const FleetIncidents = ({ incidents }: { incidents: readonly FleetIncidentRow[] }) => {
  const [asks, setAsks] = useState<{ readonly id: string; readonly problem: string } | null>(null);
  const [result, setResult] = useState<OrderResult | null>(null);
  const ack = async (id: string) => {
    const token = readToken('order');
    if (token === null) return setAsks({ id, problem: '' });
    setAsks(null);
    const answer = await ackIncident(id, token);
    setResult(answer);
    if (answer.kind !== 'token') return;
    writeToken('order', null);
    setAsks({ id, problem: answer.text });
  };
  return (
    <>
      {incidents.map(({ id, title, text, canAck }) => (
        <p key={id} class="incident-title">
          <strong>{title}</strong>{' '}
          <span>
            {text} ({id})
          </span>{' '}
          {canAck && (
            <button type="button" onClick={() => void ack(id)}>
              I have it
            </button>
          )}
        </p>
      ))}
      <p class={`order-result ${result?.kind ?? ''}`} role="status">
        {result?.text}
      </p>
      {asks !== null && (
        <TokenDialog
          key={asks.problem}
          purpose="order"
          problem={asks.problem}
          close={() => setAsks(null)}
          enter={(token) => {
            writeToken('order', token);
            void ack(asks.id);
          }}
        />
      )}
    </>
  );
};
