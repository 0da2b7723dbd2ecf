import { useState } from 'preact/hooks';
import type { Now } from '../core/clock.ts';
import type { Order, OrderResult } from '../core/orders.ts';
import type { BotStatus } from '../core/wire.ts';
import { giveOrder } from '../shell/api.ts';
import { readToken, writeToken } from '../shell/storage.ts';
import { OrderDialog } from './order-dialog.tsx';
import { TokenDialog } from './token-dialog.tsx';

type Props = { status: BotStatus; live: boolean; now: Now };

type Step =
  | { readonly kind: 'none' }
  | { readonly kind: 'ask'; readonly order: 'pause' | 'restart' }
  | { readonly kind: 'token'; readonly order: Order; readonly problem: string };

/** What can be ordered of the monitor. A token is asked for once, when it is first needed. */
export const Orders = ({ status, live, now }: Props) => {
  const [step, setStep] = useState<Step>({ kind: 'none' });
  const [result, setResult] = useState<OrderResult | null>(null);
  const [busy, setBusy] = useState(false);

  const give = async (order: Order) => {
    const token = readToken('order');
    if (token === null) return setStep({ kind: 'token', order, problem: '' });
    setStep({ kind: 'none' });
    setBusy(true);
    const answer = await giveOrder(order, status.bot, status.monitor.alive, token);
    setBusy(false);
    if (answer.kind !== 'token') return setResult(answer);
    writeToken('order', null);
    setStep({ kind: 'token', order, problem: answer.text });
  };
  const button = (text: string, act: () => void) => (
    <button type="button" disabled={!live || busy} onClick={act}>
      {text}
    </button>
  );
  const close = () => setStep({ kind: 'none' });
  const paused = status.pausedUntil !== null && status.pausedUntil > now.wall;
  return (
    <div class="orders">
      <div class="buttons">
        {paused
          ? button('Resume', () => void give({ kind: 'resume' }))
          : button('Pause…', () => setStep({ kind: 'ask', order: 'pause' }))}
        {button('Restart…', () => setStep({ kind: 'ask', order: 'restart' }))}
        {button('Test alert', () => void give({ kind: 'test-alert' }))}
      </div>
      <p class={`order-result ${result?.kind ?? ''}`} role="status">
        {result?.text}
      </p>
      {step.kind === 'ask' && (
        <OrderDialog kind={step.order} bot={status.bot} close={close} give={(order) => void give(order)} />
      )}
      {step.kind === 'token' && (
        <TokenDialog
          key={step.problem}
          purpose="order"
          problem={step.problem}
          close={close}
          enter={(token) => {
            writeToken('order', token);
            void give(step.order);
          }}
        />
      )}
    </div>
  );
};
