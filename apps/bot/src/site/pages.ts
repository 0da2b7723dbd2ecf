import type { Closed, Held } from '../broker/broker.ts';

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string | number): string =>
  String(text).replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);

const layout = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} - Practice Broker</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  label { display: block; margin: .5rem 0; } table { border-collapse: collapse; } td, th { padding: .2rem .8rem; text-align: right; }
  [role=alert] { color: #a40000; }
</style></head>
<body><h1>Practice Broker</h1>${body}</body></html>`;

type LoginView = { readonly wrong?: boolean; readonly captcha?: boolean };

export const loginPage = ({ wrong, captcha }: LoginView) =>
  layout(
    'Sign in',
    `${wrong ? '<p role="alert" id="login-error">User name or password is wrong.</p>' : ''}
    ${captcha ? '<div id="captcha">Show that you are a person: type the word in the picture.</div>' : ''}
    <form method="post" action="/login">
      <label>User name <input id="username" name="username" autocomplete="username" required></label>
      <label>Password <input id="password" name="password" type="password" autocomplete="current-password" required></label>
      <button id="sign-in" type="submit">Sign in</button>
    </form>`,
  );

export const secondFactorPage = () =>
  layout(
    'One more step',
    `<form><label>Code from your app <input id="otp" autocomplete="one-time-code" inputmode="numeric"></label></form>`,
  );

export type BlotterRow = {
  readonly id: string;
  readonly state: string;
  readonly price: string;
  readonly detail: string;
};

type TradeView = {
  readonly username: string;
  readonly symbol: string;
  readonly price: number;
  readonly open: number;
  readonly blotter: readonly BlotterRow[];
  readonly positions: readonly Held[];
  readonly closed: readonly Closed[];
};

const orderRow = ({ id, state, price, detail }: BlotterRow) =>
  `<tr data-order-id="${escapeHtml(id)}" data-state="${state}" data-price="${price}" data-detail="${escapeHtml(detail)}">
    <td>${escapeHtml(id)}</td><td>${state}</td><td>${price}</td><td>${escapeHtml(detail)}</td></tr>`;

const positionRow = (row: Held) =>
  `<tr data-position="${escapeHtml(JSON.stringify(row))}"><td>${escapeHtml(row.symbol)}</td><td>${row.side}</td><td>${row.quantity}</td></tr>`;
const closedRow = (row: Closed) =>
  `<tr data-closed="${escapeHtml(JSON.stringify(row))}"><td>${row.seq}</td><td>${escapeHtml(row.symbol)}</td><td>${row.side}</td>
    <td>${row.quantity}</td><td>${row.entry}</td><td>${row.exit}</td><td>${row.profit}</td><td>${row.why}</td></tr>`;

const field = (id: string, label: string) =>
  `<label>${label} <input id="${id}" name="${id}" required></label>`;

export const tradePage = (view: TradeView) =>
  layout(
    'Trade',
    `<p>Signed in as <strong id="account">${escapeHtml(view.username)}</strong></p>
    <form method="post" action="/logout"><button id="sign-out">Sign out</button></form>
    <p>${escapeHtml(view.symbol)} <output id="price" data-symbol="${escapeHtml(view.symbol)}">${view.price}</output>,
      open positions <output id="open-positions">${view.open}</output></p>
    <h2>Order ticket</h2>
    <form method="post" action="/orders">
      ${field('symbol', 'Symbol')}
      <label>Side <select id="side" name="side"><option>buy</option><option>sell</option></select></label>
      ${field('quantity', 'Quantity')}${field('target', 'Target')}${field('stop', 'Stop')}${field('order-id', 'Order id')}
      <button id="place-order">Place order</button>
    </form>
    <h2>Blotter</h2>
    <table id="blotter"><tr><th>Order</th><th>State</th><th>Price</th><th>Detail</th></tr>${view.blotter.map(orderRow).join('')}</table>
    <h2>Closed positions</h2>
    <table id="positions"><tr><th>Symbol</th><th>Side</th><th>Quantity</th></tr>${view.positions.map(positionRow).join('')}</table>
    <table id="closed"><tr><th>No.</th><th>Symbol</th><th>Side</th><th>Quantity</th><th>Entry</th><th>Exit</th><th>Profit</th><th>By</th></tr>${view.closed.map(closedRow).join('')}</table>`,
  );
