import { type Zone, zones } from '../core/clock.ts';

/** Tokens live as long as the tab, the choices of theme and zone as long as the browser remembers. */
type TokenKind = 'read' | 'order';

const key = (kind: TokenKind) => `sentinel.${kind}-token`;

/** A browser may refuse storage altogether: then what was entered holds until the page is left. */
const memory = new Map<string, string>();

/** What a browser says when it keeps nothing, or no more. */
const isRefusal = (error: unknown): boolean => error instanceof DOMException;

const readFrom = (store: () => Storage, name: string): string | null => {
  try {
    return store().getItem(name);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return memory.get(name) ?? null;
  }
};

const writeTo = (store: () => Storage, name: string, value: string | null) => {
  try {
    if (value === null) store().removeItem(name);
    else store().setItem(name, value);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (value === null) memory.delete(name);
    else memory.set(name, value);
  }
};

const session = () => sessionStorage;
const local = () => localStorage;

export const readToken = (kind: TokenKind): string | null => readFrom(session, key(kind));
export const writeToken = (kind: TokenKind, token: string | null): void => writeTo(session, key(kind), token);

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const readChoice = <Choice extends string>(name: string, all: readonly [Choice, ...Choice[]]): Choice => {
  const stored = readFrom(local, `sentinel.${name}`);
  return all.find((each) => each === stored) ?? all[0];
};

/** The first of all is what holds where nothing is chosen. */
const writeChoice = <Choice extends string>(
  name: string,
  all: readonly [Choice, ...Choice[]],
  chosen: Choice,
): void => writeTo(local, `sentinel.${name}`, chosen === all[0] ? null : chosen);

export const readTheme = (): Theme => readChoice('theme', themes);
export const writeTheme = (theme: Theme): void => writeChoice('theme', themes, theme);
export const readZone = (): Zone => readChoice('zone', zones);
export const writeZone = (zone: Zone): void => writeChoice('zone', zones, zone);
