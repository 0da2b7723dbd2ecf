import type { Order } from '../core/orders.ts';
import { duration } from '../core/words.ts';
import { Dialog } from './dialog.tsx';

type Props = { kind: 'pause' | 'restart'; bot: string; close: () => void; give: (order: Order) => void };

const minutes = [15, 30, 60, 240, 720];

export const OrderDialog = ({ kind, bot, close, give }: Props) =>
  kind === 'pause' ? (
    <Dialog
      title={`Pause the watch over ${bot}`}
      close={close}
      submit={(form) =>
        give({ kind, minutes: Number(form.get('minutes')), reason: String(form.get('reason') ?? '').trim() })
      }
    >
      <p>Until the pause ends, nothing is restarted and no alert is sent. The bot itself goes on.</p>
      <label>
        For
        <select name="minutes">
          {minutes.map((each) => (
            <option key={each} value={each} selected={each === 30}>
              {duration(each * 60)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Reason
        <input name="reason" maxLength={200} placeholder="Broker maintenance" required />
      </label>
      <Buttons close={close} text="Pause" />
    </Dialog>
  ) : (
    <Dialog title={`Restart ${bot}?`} close={close} submit={() => give({ kind })}>
      <p>
        The monitor ends the running bot first, then runs the restart command. It counts against the budget.
      </p>
      <Buttons close={close} text="Restart now" />
    </Dialog>
  );

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
