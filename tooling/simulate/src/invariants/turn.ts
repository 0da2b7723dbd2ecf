import type { Notification } from '@sentinel/notify';

/** An incident begins or ends for those who are told. A bot that was stopped on purpose ends its incident without a recovery. */
export const turnOf = (told: Notification): 'begins' | 'ends' | null => {
  if (told.kind === 'unhealthy') return told.again === true ? null : 'begins';
  return told.kind === 'recovered' || (told.kind === 'custom' && told.closes === 'incident') ? 'ends' : null;
};

/** A person had it stopped, and it is seen not to run. */
export const isStopTold = (told: Notification): boolean =>
  told.kind === 'custom' && told.title?.endsWith(' is stopped') === true;
