import type { Order } from '../core/orders.ts';
import { duration } from '../core/words.ts';
import { Dialog } from './dialog.tsx';

type Props = {
  kind: 'pause' | 'halt' | 'restart';
  bot: string;
  close: () => void;
  give: (order: Order) => void;
};

const minutes = [15, 30, 60, 240, 720];

export const OrderDialog = ({ kind, bot, close, give }: Props) => {
  if (kind === 'restart')
    return (
      <Dialog title={`Restart ${bot}?`} close={close} submit={() => give({ kind })}>
        <p>
          The monitor ends the running bot first, then runs the restart command. It counts against the budget.
        </p>
        <Buttons close={close} text="Restart now" />
      </Dialog>
    );
  const isPause = kind === 'pause';
  const submit = (form: FormData) => {
    const reason = String(form.get('reason') ?? '').trim();
    const given = Number(form.get('minutes'));
    if (isPause) give({ kind, minutes: given, reason });
    else give({ kind, reason, ...(given > 0 ? { minutes: given } : {}) });
  };
  return (
    <Dialog title={isPause ? `Pause the watch over ${bot}` : `Halt ${bot}`} close={close} submit={submit}>
      <p>
        {isPause
          ? 'Until the pause ends, nothing is restarted and no alert is sent. The bot itself goes on.'
          : 'Until that ends, it is not restarted. Alerts go on. It does not keep the bot from trading: stop that in the bot.'}
      </p>
      <label>
        For
        <select name="minutes">
          {!isPause && <option value={0}>until a person ends it</option>}
          {minutes.map((each) => (
            <option key={each} value={each} selected={isPause && each === 30}>
              {duration(each * 60)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Reason
        <input
          name="reason"
          maxLength={200}
          placeholder={isPause ? 'Broker maintenance' : 'Daily loss limit'}
          required
        />
      </label>
      <Buttons close={close} text={isPause ? 'Pause' : 'Halt'} />
    </Dialog>
  );
};

const Buttons = ({ close, text }: { close: () => void; text: string }) => (
  <div class="buttons">
    <button type="button" onClick={close}>
      Cancel
    </button>
    <button type="submit" class="primary">
      {text}
    </button>
  </div>
);
