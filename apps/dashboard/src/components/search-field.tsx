type SearchProps = {
  label: string;
  search: string;
  setSearch: (text: string) => void;
};

/** A text to search for: what is typed counts at once. */
export const SearchField = ({ label, search, setSearch }: SearchProps) => (
  <input
    type="search"
    aria-label={label}
    placeholder="Search"
    value={search}
    onInput={(event) => setSearch(event.currentTarget.value)}
  />
);

type ChoiceProps<T extends string> = {
  label: string;
  /** What stands for no choice. Default: one is always made. */
  none?: string;
  values: readonly T[];
  chosen: T | '';
  choose: (value: T) => void;
};

/** One of several words. */
export const Choice = <T extends string>({ label, none, values, chosen, choose }: ChoiceProps<T>) => (
  <select aria-label={label} value={chosen} onChange={(event) => choose(event.currentTarget.value as T)}>
    {none !== undefined && <option value="">{none}</option>}
    {values.map((each) => (
      <option key={each}>{each}</option>
    ))}
  </select>
);
