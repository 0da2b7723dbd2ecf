const minutesOf = { s: 1 / 60, m: 1, h: 60, d: 24 * 60 } as const;

/** `30`, `30m`, `1.5h`, `2d` in minutes; `null`: it is no length of time. */
export const parseDuration = (text: string): number | null => {
  const [, number, unit = 'm'] = /^(\d+(?:\.\d+)?)\s*([smhd])?$/.exec(text.trim()) ?? [];
  const minutes = Number(number) * minutesOf[unit as keyof typeof minutesOf];
  return minutes > 0 ? minutes : null;
};
