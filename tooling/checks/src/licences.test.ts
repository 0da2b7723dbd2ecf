import { expect, test } from 'vitest';
import { licenceFaults } from './licences.ts';

test('what asks for a notice only is taken, also where it is one of several', () => {
  expect(licenceFaults({ MIT: [{ name: 'a' }], '(GPL-2.0-only OR MIT)': [{ name: 'b' }] })).toEqual([]);
});

test.each(['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'Unknown', 'SEE LICENSE IN LICENSE'])(
  '%s is refused, with the package',
  (licence) => {
    const [line] = licenceFaults({ MIT: [{ name: 'a' }], [licence]: [{ name: 'b' }, { name: 'c' }] });
    expect(line).toContain(`b, c: the licence ${licence} is not among`);
  },
);

test('a list of nothing is no pass', () => {
  expect(licenceFaults({})).toEqual([expect.stringContaining('no package at all')]);
});
