import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RawPages = {
  /** What stands before and beneath the form; after a password has come, too. */
  readonly before?: string;
  readonly afterPassword?: string;
  /** The password is right, and the page sends it without going to another one. */
  readonly byFetch?: boolean;
  /** A page that is sent in place of the one with the form. */
  readonly whole?: string;
};

const fields = '<input id="username"><input id="password" type="password"><button type="submit">in</button>';
const account = '<p id="account">me</p>';
const script =
  "event.preventDefault();fetch('/in',{method:'POST'}).then(async (answer)=>{if(answer.ok)location.reload();" +
  "else document.querySelector('[role=alert]').textContent=await answer.text()})";

/** A login page as brokers really have them, with what stands around the form. */
export const startRawPage = async ({ before = '', afterPassword, byFetch, whole }: RawPages) => {
  let posts = 0;
  let signedIn = false;
  let refuse = false;
  const form = byFetch
    ? `<form onsubmit="${script}">${fields}</form>`
    : `<form method="post">${fields}</form>`;
  const page = () => {
    if (signedIn) return account;
    if (posts > 0 && afterPassword !== undefined) return before + form + afterPassword;
    return whole ?? before + form;
  };
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'text/html');
    if (request.method !== 'POST') return void response.end(page());
    posts += 1;
    signedIn = afterPassword === undefined && !refuse;
    // Longer than a look at the page takes: what stood there before is seen before the answer is.
    if (byFetch) setTimeout(() => response.writeHead(refuse ? 401 : 200).end('Wrong password'), 500);
    else response.end(page());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    posts: () => posts,
    refuse: () => {
      refuse = true;
    },
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
