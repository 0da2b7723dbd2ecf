import { useState } from 'preact/hooks';
import type { Now } from '../core/clock.ts';
import {
  hasIncident,
  isStopped,
  type Order,
  type OrderKind,
  type OrderResult,
  whyGrey,
  whyNot,
} from '../core/orders.ts';
import type { BotStatus } from '../core/wire.ts';
import { postCommand } from '../shell/api.ts';
import { readToken, writeToken } from '../shell/storage.ts';
import { OrderDialog } from './order-dialog.tsx';
import { TokenDialog } from './token-dialog.tsx';

type Props = { status: BotStatus; live: boolean; now: Now };

/** What needs a word more before it is ordered. */
type Asked = 'pause' | 'halt' | 'restart' | 'stop' | 'snooze' | 'note';

type Step =
  | { readonly kind: 'none' }
  | { readonly kind: 'ask'; readonly order: Asked }
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
    const answer = await postCommand(order, status.bot, token, setResult);
    setBusy(false);
    if (answer.kind !== 'token') return setResult(answer);
    writeToken('order', null);
    setStep({ kind: 'token', order, problem: answer.text });
  };
  // Said once, in words that a phone shows too: a title is only there under a mouse.
  const safety = status.restartSafety === null ? null : `A restart is ${status.restartSafety}.`;
  const grey = live ? whyGrey(status) : [];
  const why = live && grey.length === 0 && safety !== null ? [safety] : grey;
  const close = () => setStep({ kind: 'none' });
  return (
    <div class="orders">
      <Buttons
        status={status}
        now={now}
        off={!live || busy}
        ask={(order) => setStep({ kind: 'ask', order })}
        give={(order) => void give(order)}
      />
      {why.map((reason) => (
        <p key={reason} class="order-why">
          {reason}
        </p>
      ))}
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

type ButtonsProps = {
  status: BotStatus;
  now: Now;
  off: boolean;
  ask: (order: Asked) => void;
  give: (order: Order) => void;
};

/** What cannot be done is grey, and says why. */
const Buttons = ({ status, now, off, ask, give }: ButtonsProps) => {
  const button = (kind: OrderKind, text: string, act: () => void) => {
    const why = whyNot(kind, status);
    return (
      <button type="button" disabled={off || why !== null} title={why ?? undefined} onClick={act}>
        {text}
      </button>
    );
  };
  const paused = status.pausedUntil !== null && status.pausedUntil > now.wall;
  return (
    <div class="buttons">
      {paused
        ? button('resume', 'Resume', () => give({ kind: 'resume' }))
        : button('pause', 'Pause…', () => ask('pause'))}
      {status.haltedByPerson
        ? button('unhalt', 'Unhalt', () => give({ kind: 'unhalt' }))
        : button('halt', 'Halt…', () => ask('halt'))}
      {hasIncident(status) && button('ack', 'I have it', () => give({ kind: 'ack' }))}
      {hasIncident(status) && button('snooze', 'Snooze…', () => ask('snooze'))}
      {hasIncident(status) && button('note', 'Note…', () => ask('note'))}
      {isStopped(status)
        ? button('start', 'Start', () => give({ kind: 'start' }))
        : button('restart', 'Restart…', () => ask('restart'))}
      {(!isStopped(status) || status.state !== 'stopped') && button('stop', 'Stop…', () => ask('stop'))}
      {button('test-alert', 'Test alert', () => give({ kind: 'test-alert' }))}
    </div>
  );
};
