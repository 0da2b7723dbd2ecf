/** What the dead-man's switch answered. */
type PingAnswer = { readonly status: number; readonly body: string };

/** The remark of healthchecks.io behind a 200 that counted for nothing: `OK (not found)`, `OK (rate limited)`. */
const remark = /^ok\s*\(([a-z ]{1,40})\)/i;
/** The same without its OK. */
const plainNo = /^\(?(not found|rate limited|no such [a-z ]{1,30})\)?\.?$/i;
/** As Uptime Kuma says it. */
const no = /^\{[^{}]*"ok"\s*:\s*false/;

/** Why an answer does not mean that the ping was heard; `null`: it was. */
export const pingTrouble = ({ status, body }: PingAnswer): string | null => {
  if (status >= 300 && status < 400)
    return `the answer was ${status}, a redirect, which is not followed: give the address that it leads to, or let the proxy pass it`;
  if (status < 200 || status >= 300) return `the answer was ${status}`;
  const text = body.trim();
  const said = remark.exec(text)?.[1] ?? plainNo.exec(text)?.[1];
  if (said !== undefined) return `the answer was ${status}, but ${said.toLowerCase()}`;
  if (no.test(text)) return `the answer was ${status}, but "ok": false`;
  return text.startsWith('<')
    ? `the answer was ${status} with a page of HTML: is it a proxy's, or is the address right?`
    : null;
};
