import { useEffect, useState } from 'preact/hooks';
import type { PeerRow } from '../core/peers.ts';
import { loadPeers } from '../shell/peers.ts';
import { Glyph } from './glyph.tsx';

/** As often as a monitor asks its peers, in ms; and where it has none, whether it has any by now. */
const everyMs = { some: 5000, none: 60_000 } as const;

/** The other hosts that the monitor here asks. Without any nothing is shown. */
export const Peers = () => {
  const [found, setFound] = useState<{ rows: readonly PeerRow[]; deaf: boolean } | null>(null);
  const some = found !== null && found.rows.length > 0;
  useEffect(() => {
    const stop = new AbortController();
    const load = () => void loadPeers(setFound, stop.signal);
    load();
    const timer = setInterval(load, some ? everyMs.some : everyMs.none);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [some]);
  if (found === null || !some) return null;
  return (
    <section class="block" aria-labelledby="peers">
      <h3 id="peers">Other hosts</h3>
      {found.deaf && (
        <p class="problem">This monitor hears too few of them: it judges none of those that are silent.</p>
      )}
      <ul class="incidents">
        {found.rows.map(({ name, face, text }) => (
          <li key={name} class="incident">
            <Glyph face={face} />
            <p class="incident-title">
              <strong>{name}</strong> <span>{text}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
};
