import type { Notice } from '../core/facts.ts';

export const Notices = ({ all }: { all: readonly Notice[] }) => (
  <section class="notices" aria-label="Notices" hidden={all.length === 0}>
    {all.map(({ kind, title, text }) => (
      <p key={title + text} class={`notice notice-${kind}`} role={kind === 'lost' ? 'alert' : undefined}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          {kind === 'paused' ? <path d="M7 4v12M13 4v12" /> : <path d="M10 3v9m0 3v2" />}
        </svg>
        <strong>{title}</strong> <span>{text}</span>
      </p>
    ))}
  </section>
);
