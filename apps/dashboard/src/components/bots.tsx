import { useRef, useState } from 'preact/hooks';
import { type BotOrder, matches, orders, type Row, tagsOf } from '../core/bot-list.ts';
import { addressOf, addressOfAll, addressOfWall } from '../shell/address.ts';
import { BotRow } from './bot-row.tsx';
import { Choice, SearchField } from './search-field.tsx';

type Props = {
  rows: readonly Row[];
  /** Where nothing else says it. */
  summary: string | null;
  selected: string | null;
  /** Nothing but the bots, for a second screen. */
  wall: boolean;
};

/** So few are seen at one look. */
const searchedFrom = 8;

/** Several bots as rows; the one that is chosen is shown in full beside them. Each row is an address. */
export const Bots = ({ rows, summary, selected, wall }: Props) => {
  const [search, setSearch] = useState('');
  const [tag, setTag] = useState('');
  const [order, setOrder] = useState<BotOrder>('trouble first');
  const [focused, setFocused] = useState<string | null>(null);
  const held = useRef<readonly string[] | null>(null);
  const found = orders[order](rows).filter((row) => matches(row, search, tag));
  const names = found.map(({ view }) => view.name);
  // Under a pointer no row changes its place: a press would meet another bot.
  const shown = held.current === null ? found : inOrder(found, held.current);
  const stop =
    [focused, selected].find((name) => name !== null && names.includes(name)) ?? shown[0]?.view.name;
  return (
    <nav class={wall ? 'bots is-wall' : 'bots'} aria-label="Bots">
      <div class="bots-head">
        {summary !== null && <p class="bots-summary">{summary}</p>}
        {rows.length >= searchedFrom && !wall && (
          <Search
            tags={tagsOf(rows)}
            {...{ search, setSearch, tag, setTag, order }}
            setOrder={(chosen) => {
              held.current = null;
              setOrder(chosen);
            }}
          />
        )}
        <a href={wall ? addressOfAll : addressOfWall}>{wall ? 'All of the page' : 'Wall view'}</a>
      </div>
      <ul
        onKeyDown={(event) => moveFocus(event, event.currentTarget)}
        onFocusIn={({ target }) =>
          setFocused(target instanceof HTMLElement ? (target.dataset.bot ?? null) : null)
        }
        onPointerEnter={() => {
          held.current = names;
        }}
        onPointerLeave={() => {
          held.current = null;
        }}
      >
        {shown.map((row) => (
          <BotRow
            key={row.view.name}
            {...row}
            href={addressOf(row.view.name)}
            current={row.view.name === selected && !wall}
            stop={row.view.name === stop}
          />
        ))}
      </ul>
      {found.length === 0 && <p class="bots-none">No bot has that name, state or tag.</p>}
    </nav>
  );
};

/** From row to row: all of them are one stop of the Tab key. */
const steps: Readonly<Record<string, (at: number, most: number) => number>> = {
  ArrowDown: (at, most) => Math.min(at + 1, most),
  ArrowRight: (at, most) => Math.min(at + 1, most),
  ArrowUp: (at) => Math.max(at - 1, 0),
  ArrowLeft: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, most) => most,
};

const moveFocus = (event: KeyboardEvent, list: HTMLElement) => {
  const step = steps[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...list.querySelectorAll<HTMLElement>('a[data-bot]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  if (at === -1) return;
  event.preventDefault();
  rows[step(at, rows.length - 1)]?.focus();
};

type SearchProps = {
  tags: readonly string[];
  search: string;
  setSearch: (text: string) => void;
  tag: string;
  setTag: (tag: string) => void;
  order: BotOrder;
  setOrder: (order: BotOrder) => void;
};

/** Which bots are listed, and in which order. */
const Search = ({ tags, search, setSearch, tag, setTag, order, setOrder }: SearchProps) => (
  <>
    <SearchField label="Search bots" {...{ search, setSearch }} />
    {tags.length > 0 && <Choice label="Tag" none="all tags" values={tags} chosen={tag} choose={setTag} />}
    <Choice
      label="Order of the bots"
      values={Object.keys(orders) as BotOrder[]}
      chosen={order}
      choose={setOrder}
    />
  </>
);

/** The rows in the order of these names; others behind them. */
const inOrder = (rows: readonly Row[], names: readonly string[]): readonly Row[] => {
  const places = new Map(names.map((name, index) => [name, index]));
  const place = ({ view }: Row) => places.get(view.name) ?? places.size;
  return [...rows].sort((one, other) => place(one) - place(other));
};
