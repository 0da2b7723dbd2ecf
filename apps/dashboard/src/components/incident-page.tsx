import { splitIndicator } from '@sentinel/heartbeat-core/browser';
import { useEffect, useState } from 'preact/hooks';
import { moment } from '../core/clock.ts';
import { type Entry, type IncidentDetail, timeline } from '../core/incident-detail.ts';
import { incidentView } from '../core/incident-view.ts';
import { addressOf } from '../shell/address.ts';
import { loadIncident } from '../shell/incident.ts';
import { Glyph, Indicator } from './glyph.tsx';

type Props = {
  /** Its id for good. */
  id: string;
  /** `null`: nobody knows its bot now. */
  bot: string | null;
  now: number;
  /** Changes when something may have happened in it. */
  news: string;
};

const kinds: Readonly<Record<Entry['kind'], string>> = {
  beat: 'Beat',
  done: 'Done',
  told: 'Told',
  order: 'Order',
  edge: '',
};

/** One incident: what the bot said before and in it, what was done, ordered, and told to whom. */
export const IncidentPage = ({ id, bot, now, news }: Props) => {
  const [found, setFound] = useState<IncidentDetail | string | null>(null);
  // News is a reason to ask again.
  useEffect(() => {
    const stop = new AbortController();
    const load = () => void loadIncident(id, setFound, stop.signal);
    load();
    const timer = setInterval(load, 15_000);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [id, news]);
  return (
    <section class="block incident-page" aria-labelledby="incident">
      {bot !== null && <a href={addressOf(bot)}>← {bot}</a>}
      {typeof found === 'string' && (
        <p class="problem" role="alert">
          {found}
        </p>
      )}
      {found === null && <p class="empty">Loading</p>}
      {found !== null && typeof found !== 'string' && <Story detail={found} now={now} />}
    </section>
  );
};

const Story = ({ detail, now }: { detail: IncidentDetail; now: number }) => {
  const view = incidentView(detail.incident, now);
  return (
    <>
      <h2 id="incident" class={`incident-head is-${view.state}`}>
        <Glyph face={view.state} /> {view.title}
        <span class="hero-bot">
          {detail.incident.bot} · {view.when} · {view.length}
        </span>
      </h2>
      <ol class="timeline">
        {timeline(detail).map((entry, index) => (
          <li key={index} class={`entry entry-${entry.kind}`}>
            <time>{moment(entry.at, now)}</time>
            <span class="entry-kind">{kinds[entry.kind]}</span>
            <div class="entry-text" dir="auto">
              <Said entry={entry} />
              {entry.notes?.map((note) => (
                <p class="entry-note" key={note}>
                  {note}
                </p>
              ))}
              {entry.output != null && <pre>{entry.output}</pre>}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
};

/** What a bot or Sentinel said, with its sign drawn as everywhere. */
const Said = ({ entry: { state, text } }: { entry: Entry }) => {
  const { indicator, message } = splitIndicator(text);
  return (
    <span class={state === undefined ? undefined : `is-${state}`}>
      {state !== undefined && <Glyph face={state} named />} <Indicator emoji={indicator} />{' '}
      {message || 'No status'}
    </span>
  );
};
