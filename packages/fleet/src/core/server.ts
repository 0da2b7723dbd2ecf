/** The oldest server that is known to work: Debian 12 has it. */
const oldest = [2, 9] as const;

/** What is wrong with a server of this version; `null`: nothing. */
export const problemOfServer = (version: string): string | null => {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return `does not say its version: ${oldest.join('.')} or later is needed`;
  const isOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
  return isOld ? `has version ${version.slice(0, 20)}: ${oldest.join('.')} or later is needed` : null;
};
