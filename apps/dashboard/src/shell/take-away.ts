export const download = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
};

/** Copies a text. False: the browser does not let this page, as one that was loaded over http from another machine. */
export const copy = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    // There is no clipboard at all, or it is refused.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    return false;
  }
};

/** The state of a bot as a picture, for a README or a wiki. */
export const badgeOf = (bot: string): string => {
  const place = new URL('.', location.href).href;
  const query = new URLSearchParams({ bot });
  return `[![${bot}](${place}api/heartbeat/badge.svg?${query})](${place}#${query})`;
};
