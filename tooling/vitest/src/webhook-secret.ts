/**
 * The part of every webhook's address in these tests that only its owner may know. One for all of them, so that whatever
 * the suite leaves behind can be searched for it.
 */
export const webhookSecret = 'T0SECRET/B0SECRET/x1y2z3neverseen';

/** What stands in it and nowhere else, also where slashes are written in another way. */
const mark = 'x1y2z3neverseen';

/** @throws an error that names `where`, when the address of a webhook stands in a text. */
export const refuseWebhookIn = (text: string, where: string): void => {
  const at = text.indexOf(mark);
  if (at === -1) return;
  const around = text.slice(Math.max(0, at - 200), at).replace(/\s+/g, ' ');
  throw new Error(`The secret address of a webhook stands in ${where}, after: ${around}`);
};
