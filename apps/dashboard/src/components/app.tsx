import { useEffect, useState } from 'preact/hooks';
import { announcement, botView, pageFace, pageTitle, stateAt } from '../core/bot-view.ts';
import { named, notices } from '../core/facts.ts';
import { badges, summary, troubleFirst } from '../core/fleet.ts';
import { selectedBot } from '../core/model.ts';
import { isKnownBefore, type Range } from '../core/strip.ts';
import { showInTab } from '../shell/page.ts';
import { writeToken } from '../shell/storage.ts';
import { useSentinel } from '../shell/use-sentinel.ts';
import { AgePlot } from './age-plot.tsx';
import { Bots } from './bots.tsx';
import { Days } from './days.tsx';
import { Header } from './header.tsx';
import { Hero } from './hero.tsx';
import { IncidentPage } from './incident-page.tsx';
import { Incidents } from './incidents.tsx';
import { Log } from './log.tsx';
import { Notices } from './notices.tsx';
import { Orders } from './orders.tsx';
import { Strip } from './strip.tsx';
import { TokenDialog } from './token-dialog.tsx';

export const App = () => {
  const [range, setRange] = useState<Range>('24 h');
  const { model, now, loadOlder, reconnect } = useSentinel(range === '7 d' ? '7d' : '24h');
  const { link, bots, detail } = model;
  const heard = selectedBot(model);
  const [readProblem, setReadProblem] = useState('');
  const title = pageTitle(bots, link, now);
  const face = pageFace(bots, link, now);
  useEffect(() => showInTab(title, face), [title, face]);
  const live = link.kind === 'live';
  const missing = detail.problem === null ? 'Loading' : 'Not known';
  const wall = live ? now.wall : (link.heard?.wall ?? now.wall);

  return (
    <div class={live ? 'page' : 'page is-old'}>
      <Header link={link} now={now} beats={model.beats} face={face} />
      <p class="unseen" role="status">
        {announcement(bots, link, now)}
      </p>
      <Notices all={named(notices(heard, link, now), heard?.status.bot ?? null)} />
      {bots.length > 1 && (
        <Bots
          rows={troubleFirst(bots, now).map((each) => ({
            view: botView(each, link, now),
            badges: live ? badges(each, now) : [],
          }))}
          summary={live ? summary(bots, now) : `${bots.length} bots`}
          selected={model.selected}
        />
      )}
      <main>
        <Hero heard={heard} link={link} now={now}>
          {heard !== null && <Orders status={heard.status} live={live} now={now} />}
        </Hero>
        {heard !== null && model.incident !== null && (
          <IncidentPage
            key={model.incident}
            id={model.incident}
            bot={heard.status.bot}
            now={wall}
            news={`${heard.status.state} ${heard.status.phase} ${heard.status.course?.ackBy}`}
          />
        )}
        {heard !== null && model.incident === null && (
          <div class="grid">
            <div class="column">
              <Strip
                uptime={detail.recent}
                isKnownBefore={isKnownBefore(detail.quarter, detail.recent)}
                range={range}
                choose={setRange}
                missing={missing}
                now={wall}
                state={live && heard.status.monitor.alive ? stateAt(heard, now) : null}
              />
              <AgePlot
                key={heard.status.bot}
                model={model}
                view={botView(heard, link, now)}
                maxAge={heard.status.maxAgeSeconds}
                now={wall}
              />
              <Days uptime={detail.quarter} missing={missing} />
              <Incidents all={detail.incidents} missing={missing} now={live ? now.wall : null} />
            </div>
            <div class="column">
              <Log detail={detail} now={wall} loadOlder={loadOlder} />
            </div>
          </div>
        )}
      </main>
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
