import type { Face } from '../core/states.ts';
import type { Theme } from './storage.ts';

/** Title and favicon: what can be seen of the page while another tab is in front. */
export const showInTab = (title: string, face: Face): void => {
  if (document.title !== title) document.title = title;
  const icon = document.querySelector<HTMLLinkElement>('#favicon');
  const href = `./favicons/${face}.svg`;
  if (icon !== null && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
};

export const showTheme = (theme: Theme): void => {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};

/** Resolves after `ms`, or at once when the network returns or the page comes to the front. */
export const pauseUntilUseful = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = new AbortController();
    const finish = () => {
      done.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    const options = { signal: done.signal };
    window.addEventListener('online', finish, options);
    document.addEventListener('visibilitychange', () => document.hidden || finish(), options);
    signal.addEventListener('abort', finish, options);
  });
