const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** How many keys valid JSON has, at any depth: a colon outside of a string stands behind each. */
const keysIn = (json: string): number => {
  let count = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (inText && code === backslash) at += 1;
    else if (code === quote) inText = !inText;
    else if (code === colon && !inText) count += 1;
  }
  return count;
};

/** How many keys are left in what was read of it. Never recurses: a hostile file may nest without end. */
const keysOf = (value: object): number => {
  const waiting: object[] = [value];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!Array.isArray(next)) count += Object.keys(next).length;
    for (const inner of Object.values(next))
      if (typeof inner === 'object' && inner !== null) waiting.push(inner);
  }
  return count;
};

/** Whether an object in a JSON text has a key twice: readers differ in which of them counts. `value` is what it says. */
export const repeatsKey = (json: string, value: object): boolean => keysIn(json) !== keysOf(value);
