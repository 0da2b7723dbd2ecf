import { asClock, inShort } from '@sentinel/heartbeat-core/browser';

/** The API tells lengths in seconds. */
export const ticking = (seconds: number): string => asClock(seconds * 1000);
export const duration = (seconds: number): string => inShort(seconds * 1000);

/** An age at the axis of a plot, where there is room for few characters. */
export const onAxis = (seconds: number): string =>
  seconds > 0 && seconds % 86_400 === 0 ? `${seconds / 86_400} d` : ticking(seconds);

/** Uptime as a share. Less than all is never rounded up to 100 %, nor more than nothing down to 0 %. */
export const percent = (value: number | null): string => {
  if (value === null) return 'not known';
  if (value >= 100) return '100 %';
  if (value <= 0) return '0 %';
  const shown = value > 99.9 ? Math.floor(value * 1000) / 1000 : Math.floor(value * 100) / 100;
  return `${Math.max(0.01, shown)} %`;
};
