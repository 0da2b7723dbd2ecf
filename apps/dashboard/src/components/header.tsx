import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { heardAt } from '../core/bot-view.ts';
import { type Now, showIn, timeOfDay, type Zone, zones } from '../core/clock.ts';
import type { Link } from '../core/link.ts';
import type { Face } from '../core/states.ts';
import { showTheme } from '../shell/page.ts';
import { readTheme, readZone, type Theme, themes, writeTheme, writeZone } from '../shell/storage.ts';

type Props = { link: Link; now: Now; beats: number; face: Face; children: ComponentChildren };

const words: Readonly<Record<Link['kind'], string>> = {
  live: 'Live',
  connecting: 'Connecting',
  lost: 'Not connected',
  refused: 'Token needed',
};

export const Header = ({ link, now, beats, face, children }: Props) => (
  <header class="top">
    <h1 class="wordmark">
      {/* A new key at each beat makes a new element, and so its animation runs once. */}
      <svg
        key={beats}
        class={`pulse is-${face} ${beats > 0 ? 'beaten' : ''}`}
        viewBox="0 0 40 20"
        aria-hidden="true"
      >
        <path d="M0 11h11l3-8 6 15 4-10 2 3h14" />
      </svg>
      Sentinel
    </h1>
    <p class={`link link-${link.kind}`}>
      <span class="dot" aria-hidden="true" />
      {words[link.kind]}
      {link.kind === 'lost' && <span class="since"> since {heardAt(link)}</span>}
    </p>
    <Clock now={now} />
    {children}
    <ThemeSwitch />
  </header>
);

/** The time of day; a press shows all times of the page in the other zone. */
const Clock = ({ now }: { now: Now }) => {
  const [zone, setZone] = useState<Zone>(readZone);
  // Everything else is drawn again within a second.
  showIn(zone);
  const next = zones[(zones.indexOf(zone) + 1) % zones.length] ?? 'local';
  return (
    <button
      type="button"
      class="plain wallclock"
      onClick={() => {
        writeZone(next);
        setZone(next);
      }}
      title={zone === 'UTC' ? 'All times are in UTC' : 'All times are in your own zone'}
    >
      <span class="unseen">Show {next === 'UTC' ? 'UTC' : 'local time'}: </span>
      {timeOfDay(now.wall)} {zone === 'UTC' && 'UTC'}
    </button>
  );
};

const ThemeSwitch = () => {
  const [theme, setTheme] = useState<Theme>(readTheme);
  showTheme(theme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
  return (
    <button
      type="button"
      class="plain theme"
      onClick={() => {
        writeTheme(next);
        setTheme(next);
      }}
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`Theme: ${theme}`}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true" class={`theme-${theme}`}>
        <circle cx="10" cy="10" r="7" />
        <path d="M10 3a7 7 0 0 1 0 14z" />
      </svg>
    </button>
  );
};
