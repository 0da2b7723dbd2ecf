type Props<Range extends string> = {
  title: string;
  chosen: Range;
  all: readonly Range[];
  choose: (range: Range) => void;
};

/** A heading that says how much of the past is shown, and lets a person choose it. */
export const RangeChoice = <Range extends string>({ title, chosen, all, choose }: Props<Range>) => (
  <label class="range">
    {title}{' '}
    <select value={chosen} onChange={(event) => choose(event.currentTarget.value as Range)}>
      {all.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </select>
  </label>
);
