import type { Json } from '../core/json.ts';
import { parsePeers } from '../core/peers.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { Glyph } from './glyph.tsx';

const question = {
  path: 'peers',
  parse: (answer: Json) => {
    const found = parsePeers(answer);
    return found.rows.length === 0 ? null : found;
  },
  /** As often as a monitor asks its peers; and where it has none, whether it has any by now. */
  everyMs: { some: 5000, none: 60_000 },
} as const;

/** The other hosts that the monitor here asks. Without any nothing is shown. */
export const Peers = () => {
  const found = useAnswer(question);
  if (found === null) return null;
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
