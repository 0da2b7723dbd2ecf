import type { Order } from '../core/orders.ts';
import { duration } from '../core/words.ts';
import { Dialog } from './dialog.tsx';

type Kind = 'pause' | 'halt' | 'restart' | 'stop' | 'snooze' | 'note';

type Props = {
  kind: Kind;
  bot: string;
  close: () => void;
  give: (order: Order) => void;
};

/** What a dialog says, and what it asks for: minutes (`open`: or without an end), and a text with an example. */
type Form = {
  readonly title: (bot: string) => string;
  readonly text: string;
  readonly button: string;
  readonly asks: 'nothing' | 'minutes' | 'open';
  readonly example?: string;
  /** Must be given. Default: a reason, which may be left out. */
  readonly label?: string;
};

const forms: Readonly<Record<Kind, Form>> = {
  pause: {
    title: (bot) => `Pause the watch over ${bot}`,
    text: 'Until the pause ends, nothing is restarted and no alert is sent. The bot itself goes on.',
    button: 'Pause',
    asks: 'minutes',
    example: 'Broker maintenance',
  },
  halt: {
    title: (bot) => `Halt ${bot}`,
    text: 'Until that ends, it is not restarted. Alerts go on. It does not keep the bot from trading: stop that in the bot.',
    button: 'Halt',
    asks: 'open',
    example: 'Daily loss limit',
  },
  stop: {
    title: (bot) => `Stop ${bot}?`,
    text: 'The monitor ends the bot. It is not restarted, and its silence is no alert, until somebody starts it here. Open orders and positions stay as they are.',
    button: 'Stop',
    asks: 'nothing',
    example: 'New version',
  },
  snooze: {
    title: (bot) => `Snooze the reminders of ${bot}`,
    text: 'Until then no reminder of this incident is sent. Nobody is said to have it, and restarts go on.',
    button: 'Snooze',
    asks: 'minutes',
  },
  note: {
    title: (bot) => `Note on the incident of ${bot}`,
    text: 'Everybody who was notified of the incident gets it, quietly. It stays in the history.',
    button: 'Add the note',
    asks: 'nothing',
    example: 'The broker is down, they work on it',
    label: 'Note',
  },
  restart: {
    title: (bot) => `Restart ${bot}?`,
    text: 'The monitor ends the running bot first, then runs the restart command. It counts against the budget.',
    button: 'Restart now',
    asks: 'nothing',
  },
};

const minutes = [15, 30, 60, 240, 720];

const orderOf = (kind: Kind, form: FormData): Order => {
  const reason = String(form.get('reason') ?? '').trim();
  // As on the command line it may be left out, and an empty one is none.
  const why = reason === '' ? {} : { reason };
  const given = Number(form.get('minutes'));
  switch (kind) {
    case 'restart':
      return { kind };
    case 'stop':
      return { kind, ...why };
    case 'note':
      return { kind, note: reason };
    case 'snooze':
      return { kind, minutes: given };
    case 'pause':
      return { kind, minutes: given, ...why };
    case 'halt':
      return { kind, ...why, ...(given > 0 ? { minutes: given } : {}) };
  }
};

export const OrderDialog = ({ kind, bot, close, give }: Props) => {
  const { title, text, button, asks, example, label } = forms[kind];
  return (
    <Dialog title={title(bot)} close={close} submit={(form) => give(orderOf(kind, form))}>
      <p>{text}</p>
      {asks !== 'nothing' && (
        <label>
          For
          <select name="minutes">
            {asks === 'open' && <option value={0}>until a person ends it</option>}
            {minutes.map((each) => (
              <option key={each} value={each} selected={asks === 'minutes' && each === 30}>
                {duration(each * 60)}
              </option>
            ))}
          </select>
        </label>
      )}
      {example !== undefined && (
        <label>
          {label ?? 'Reason (may be left out)'}
          <input name="reason" maxLength={200} placeholder={example} required={label !== undefined} />
        </label>
      )}
      <div class="buttons">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" class="primary">
          {button}
        </button>
      </div>
    </Dialog>
  );
};
