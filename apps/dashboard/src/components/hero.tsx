import { healthStates } from '@sentinel/heartbeat-core/browser';
import type { ComponentChildren } from 'preact';
import { type BotView, botView } from '../core/bot-view.ts';
import { moment, type Now } from '../core/clock.ts';
import { facts } from '../core/facts.ts';
import type { Link } from '../core/link.ts';
import type { Heard } from '../core/model.ts';
import type { State } from '../core/states.ts';
import { duration, ticking } from '../core/words.ts';
import { addressOf } from '../shell/address.ts';
import { Clamped } from './clamped.tsx';
import { Glyph, Indicator } from './glyph.tsx';
import { DeadlineRuler } from './ruler.tsx';

type Props = {
  heard: Heard | null;
  /** What the address names, where nobody knows it, and whom one knows. */
  stranger: { readonly name: string; readonly known: readonly string[] } | null;
  link: Link;
  now: Now;
  children: ComponentChildren;
};

/** In characters: what is longer has a line of its own. */
const longFigure = 16;

/** The one thing to see from across the room: what the bot is, in words, and how much time it has left. */
export const Hero = ({ heard, stranger, link, now, children }: Props) => {
  if (heard === null) return stranger === null ? <Nobody link={link} /> : <Stranger {...stranger} />;
  const view = botView(heard, link, now);
  const live = view.face !== 'lost' && view.face !== 'waiting';
  const loud = view.loud ? 'is-loud' : '';
  const isSilent = live && !healthStates[view.face as State].beats;
  return (
    <section class={`hero is-${view.face} ${loud}`} aria-labelledby="state">
      <div class="hero-head">
        <Glyph face={view.face} />
        <h2 id="state">
          {view.word}
          <span class="hero-bot">{view.name}</span>
        </h2>
        {/* Without a beat the status is the reason: once is enough. */}
        <Lines all={[isSilent || view.reason === view.message ? null : view.reason, view.course, view.ack]} />
      </div>
      <Clamped class="hero-status">
        {view.face === 'lost' && <span class="was">Last known </span>}
        {isSilent ? (
          view.reason
        ) : (
          <>
            <Indicator emoji={view.indicator} /> {view.message}
          </>
        )}
      </Clamped>
      {isSilent && view.saidAgo !== null && (
        <p class="hero-last" dir="auto">
          Last said {duration(view.saidAgo)} ago: <Indicator emoji={view.indicator} /> {view.message}
        </p>
      )}
      {live && <Age view={view} now={now} />}
      <dl class="facts">
        {facts(heard, link, now).map(({ name, value, note }) => (
          <div key={name} class={value.length > longFigure ? 'fact-wide' : undefined}>
            <dt>{name}</dt>
            <dd class="fact-value">{value}</dd>
            <dd class="fact-note">{note}</dd>
          </div>
        ))}
      </dl>
      {children}
    </section>
  );
};

const Lines = ({ all }: { all: readonly (string | null)[] }) => {
  const said = all.filter((each) => each !== null);
  return said.length === 0 ? null : <p class="hero-reason">{said.join('. ')}</p>;
};

const Age = ({ view, now }: { view: BotView; now: Now }) => (
  <div class="age">
    <p class="age-figure">
      {view.age !== null && <span class="age-number">{ticking(view.age)}</span>}
      <span class="age-unit">{view.age === null ? 'No beat to count from' : 'since the last beat'}</span>
    </p>
    {view.age !== null && view.maxAge !== null && (
      <DeadlineRuler
        age={view.age}
        maxAge={view.maxAge}
        deadline={view.deadlineAt === null ? null : moment(view.deadlineAt, now.wall)}
      />
    )}
  </div>
);

const mostKnown = 10;

const Stranger = ({ name, known }: NonNullable<Props['stranger']>) => (
  <section class="hero is-waiting" aria-labelledby="state">
    <div class="hero-head">
      <Glyph face="waiting" />
      <h2 id="state">
        Unknown
        <span class="hero-bot">{name}</span>
      </h2>
    </div>
    <p class="hero-status">Nothing is known of a bot of that name</p>
    <p class="hero-reason">
      Known:{' '}
      {known.slice(0, mostKnown).map((each) => (
        <>
          <a key={each} href={addressOf(each)}>
            {each}
          </a>{' '}
        </>
      ))}
      {known.length > mostKnown && `and ${known.length - mostKnown} more`}
    </p>
  </section>
);

const Nobody = ({ link }: { link: Link }) => (
  <section class="hero is-waiting" aria-labelledby="state">
    <div class="hero-head">
      <Glyph face={link.kind === 'lost' ? 'lost' : 'waiting'} />
      <h2 id="state">
        {link.kind === 'live' ? 'No bot' : link.kind === 'lost' ? 'Connection lost' : 'Connecting'}
      </h2>
    </div>
    <p class="hero-status">
      {link.kind === 'live' ? 'The API watches no bot yet' : 'Nothing is known about any bot'}
    </p>
    <p class="hero-reason">
      {link.kind === 'live'
        ? 'Name a status file in its configuration, and start it again.'
        : 'This page shows a state once the API has told one.'}
    </p>
  </section>
);
