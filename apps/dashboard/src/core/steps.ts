/** Lengths of time that people count in, in seconds. */
const steps = [1, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10_800, 21_600];
const daySteps = [1, 2, 5, 10, 30, 100, 300, 1000].map((days) => days * 86_400);

/** The shortest of them that divides a length into at most so many parts; both lengths in seconds. */
export const stepOf = (seconds: number, parts: number): number =>
  [...steps, ...daySteps].find((each) => seconds / each <= parts) ?? seconds / parts;
