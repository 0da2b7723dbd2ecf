import { type CardBody, fact } from '../card.ts';
import type { SenderNotification } from '../notification.ts';

/** What the delivery tells of itself, as cards. */
export const senderCard = (told: SenderNotification): CardBody => {
  if (told.kind === 'channel-dead')
    return {
      title: `❌ The notification channel ${told.channel} is dead`,
      what: `It refuses every message (${told.reason}).`,
      facts: fact('Messages that it did not get', told.pending),
      done:
        told.fallback === undefined
          ? 'Its messages wait.'
          : `Its messages go to ${told.fallback} from now on.`,
      next: 'Make a new webhook and put it into `.env`, or mend this one; then restart. It is tried again then.',
    };
  const facts = [...fact('File', told.file), ...fact('Kept as', told.keptAs), ...fact('Why', told.reason)];
  switch (told.trouble) {
    case 'set-aside':
      return {
        title: '⚠️ The journal was damaged',
        what: 'It was set aside and a new one begun: watching goes on, the history begins anew.',
        facts,
        next: 'Look at the disk. The old file is kept; delete it when nobody needs it.',
      };
    case 'unusable':
      return {
        title: '⚠️ The journal cannot be used',
        what: 'Watching and alerts go on; history and state are not kept, and a restart would forget.',
        facts,
        next: "Look at the disk's space and at the owner of the file.",
      };
    case 'usable-again':
      return { title: '✅ The journal can be used again', facts, next: 'Nothing to do.' };
  }
};
