import { botView, stateAt } from '../core/bot-view.ts';
import type { Now } from '../core/clock.ts';
import type { Heard, Model } from '../core/model.ts';
import { isKnownBefore, isLong, type Range } from '../core/strip.ts';
import { AgePlot } from './age-plot.tsx';
import { Days } from './days.tsx';
import { Fleet } from './fleet.tsx';
import { Incidents } from './incidents.tsx';
import { Log } from './log.tsx';
import { Peers } from './peers.tsx';
import { Strip } from './strip.tsx';
import { CopyBadge } from './take-away.tsx';

type Props = {
  model: Model;
  heard: Heard;
  now: Now;
  /** The last moment of which the page knows. */
  at: number;
  loadOlder: () => void;
  range: Range;
  choose: (range: Range) => void;
};

/** The bot that is shown, below its state: its figures, its incidents, and what it said. */
export const BotDetail = ({ model, heard, now, at, loadOlder, range, choose }: Props) => {
  const { detail, link } = model;
  const { bot, monitor, maxAgeSeconds } = heard.status;
  const live = link.kind === 'live';
  const missing = detail.problem === null ? 'Loading' : 'Not known';
  return (
    <div class="grid">
      <div class="column">
        <Fleet />
        <Strip
          uptime={isLong(range) ? detail.quarter : detail.recent}
          isKnownBefore={!isLong(range) && isKnownBefore(detail.quarter, detail.recent)}
          range={range}
          choose={choose}
          missing={missing}
          now={at}
          state={live && monitor.alive ? stateAt(heard, now) : null}
        />
        <AgePlot
          key={bot}
          model={model}
          view={botView(heard, link, now)}
          maxAge={maxAgeSeconds}
          now={at}
          loadOlder={loadOlder}
        />
        <Days uptime={detail.quarter} missing={missing} />
        <Incidents all={detail.incidents} missing={missing} now={live ? now.wall : null} />
      </div>
      <div class="column">
        <Log detail={detail} now={at} loadOlder={loadOlder} />
        <Peers />
        <CopyBadge bot={bot} />
      </div>
    </div>
  );
};
