import { useEffect, useRef, useState } from 'preact/hooks';
import { rowOf, summary } from '../core/bot-list.ts';
import { type Announced, announce, pageFace, pageTitle } from '../core/bot-view.ts';
import type { Now } from '../core/clock.ts';
import { named, notices } from '../core/facts.ts';
import { type Model, selectedBot } from '../core/model.ts';
import type { Range } from '../core/strip.ts';
import { showInTab } from '../shell/page.ts';
import { writeToken } from '../shell/storage.ts';
import { useSentinel } from '../shell/use-sentinel.ts';
import { Alarm } from './alarm.tsx';
import { BotDetail } from './bot-detail.tsx';
import { Bots } from './bots.tsx';
import { Header } from './header.tsx';
import { Hero } from './hero.tsx';
import { IncidentPage } from './incident-page.tsx';
import { Notices } from './notices.tsx';
import { Orders } from './orders.tsx';
import { TokenDialog } from './token-dialog.tsx';

export const App = () => {
  const [range, setRange] = useState<Range>('24 h');
  const { model, now, loadOlder, reconnect } = useSentinel(range === '7 d' ? '7d' : '24h');
  const { link, bots } = model;
  const heard = selectedBot(model);
  const [readProblem, setReadProblem] = useState('');
  const title = pageTitle(bots, link, now);
  const face = pageFace(bots, link, now);
  useEffect(() => showInTab(title, face), [title, face]);
  const live = link.kind === 'live';
  const announced = useRef<Announced>({ states: new Map(), text: '' });
  announced.current = announce(announced.current, bots, link, now);
  const many = bots.length > 1;
  const wall = model.wall && many;
  const inShort = live ? summary(bots, now) : `${bots.length} bots`;

  return (
    <div class={live ? 'page' : 'page is-old'}>
      {many && !wall && <SkipToPanel />}
      <Header link={link} now={now} beats={model.beats} face={face}>
        <Alarm bots={bots} now={now} live={live} />
      </Header>
      <p class="unseen" role="status">
        {announced.current.text}
      </p>
      <Notices all={named(notices(heard, link, now), heard?.status.bot ?? null)} />
      {many && !wall && (
        <section aria-label="All bots">
          <p class="bots-summary">{inShort}</p>
        </section>
      )}
      <div class={many ? 'split' : undefined} role={wall ? 'main' : undefined}>
        {many && (
          <Bots
            rows={bots.map((each) => rowOf(each, link, now))}
            summary={wall ? inShort : null}
            selected={model.selected}
            wall={wall}
          />
        )}
        {!wall && <Main {...{ model, now, loadOlder, range }} choose={setRange} />}
      </div>
      {link.kind === 'refused' && (
        <TokenDialog
          purpose="read"
          problem={readProblem}
          enter={(token) => {
            writeToken('read', token);
            setReadProblem('That token was not accepted.');
            reconnect();
          }}
        />
      )}
    </div>
  );
};

type MainProps = {
  model: Model;
  now: Now;
  loadOlder: () => void;
  range: Range;
  choose: (range: Range) => void;
};

const panelId = 'panel';

/** Past a list of hundreds. The address names a bot, so that it cannot name the panel too. */
const SkipToPanel = () => (
  <a
    class="skip"
    href={`#${panelId}`}
    onClick={(event) => {
      event.preventDefault();
      document.getElementById(panelId)?.focus();
    }}
  >
    Skip to the chosen bot
  </a>
);

/** The address names a bot that nobody knows. */
const strangerOf = ({ bots, wanted }: Model) =>
  wanted === null || bots.length === 0 ? null : { name: wanted, known: bots.map(({ status }) => status.bot) };

/** The bot that is chosen: its state, and below it one of its incidents or its figures. */
const Main = ({ model, now, loadOlder, range, choose }: MainProps) => {
  const { link } = model;
  const heard = selectedBot(model);
  const live = link.kind === 'live';
  const at = live ? now.wall : (link.heard?.wall ?? now.wall);
  return (
    <main id={panelId} tabIndex={-1}>
      <Hero heard={heard} stranger={strangerOf(model)} link={link} now={now}>
        {heard !== null && <Orders status={heard.status} live={live} now={now} />}
      </Hero>
      {/* Also of a bot that is not watched any more. */}
      {model.bots.length > 0 && model.incident !== null && (
        <IncidentPage
          key={model.incident}
          id={model.incident}
          bot={heard?.status.bot ?? null}
          now={at}
          news={`${heard?.status.state} ${heard?.status.phase} ${heard?.status.course?.ackBy}`}
        />
      )}
      {heard !== null && model.incident === null && (
        <BotDetail {...{ model, heard, now, at, loadOlder, range, choose }} />
      )}
    </main>
  );
};
