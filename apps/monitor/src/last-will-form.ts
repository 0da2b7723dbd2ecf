/** Kind, server and the last part: a topic, or a channel. */
export const willForm = /^(ntfy|slack):(?:(https?:\/\/.+)\/)?([^/]+)$/;

/** Whoever knows the topic reads it, and can take the will back. */
export const willSecrets = (place: string | undefined): readonly string[] => {
  const [, kind, , topic] = willForm.exec(place ?? '') ?? [];
  return kind === 'ntfy' && topic !== undefined ? [topic] : [];
};
