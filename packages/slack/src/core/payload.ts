import { type Batch, batchNotes } from '@sentinel/notify';
import { cardMessage, type Payload } from './blocks.ts';
import { summaryMessage } from './summary.ts';
import { limits } from './text.ts';

export const payloadOf = ({ alerts, mayBeDouble, refusal }: Batch): Payload => {
  const mark = mayBeDouble ? batchNotes.mayBeDouble : undefined;
  const [first] = alerts;
  const message =
    alerts.length === 1 && first !== undefined ? cardMessage(first.card, mark) : summaryMessage(alerts, mark);
  return refusal === null ? message : asText(message, refusal);
};

/** The same as text alone, which says why it comes so. */
export const asText = ({ text }: Payload, refusal: string): Payload => ({
  text: `${text.slice(0, limits.text - 200)}\n(${batchNotes.asText(refusal)})`,
});
