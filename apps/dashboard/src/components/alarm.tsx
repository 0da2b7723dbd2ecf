import { useEffect, useRef, useState } from 'preact/hooks';
import { type Alarmed, alarmOf, ill } from '../core/alarm.ts';
import type { Now } from '../core/clock.ts';
import type { Heard } from '../core/model.ts';
import { arm, sound } from '../shell/alarm.ts';

type Props = { bots: readonly Heard[]; now: Now; live: boolean };

/** A bell that a person switches on: a sound and a notification when a bot falls ill. It is off when the page is opened. */
export const Alarm = ({ bots, now, live }: Props) => {
  const [on, setOn] = useState(false);
  const before = useRef<Alarmed | null>(null);
  useEffect(() => {
    if (!live) return;
    const said = before.current === null ? null : alarmOf(before.current, bots, now);
    before.current = ill(bots, now);
    if (on && said !== null) sound(said);
  }, [bots, now, live, on]);
  return (
    <button
      type="button"
      class="plain theme bell"
      aria-pressed={on}
      title={on ? 'Alarm: on' : 'Alarm: off'}
      aria-label="Sound and notification when a bot falls ill"
      onClick={() => {
        if (!on) void arm();
        setOn(!on);
      }}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="M10 2a5 5 0 0 0-5 5c0 5-2 6-2 8h14c0-2-2-3-2-8a5 5 0 0 0-5-5zM8 16a2 2 0 0 0 4 0" />
        {!on && <path class="bell-off" d="M3 18L17 3" />}
      </svg>
    </button>
  );
};
