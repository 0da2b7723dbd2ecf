/** What a journal says to a question. 'It cannot be read' is not 'there is none'. */
export type Answer<T> =
  | { readonly kind: 'known'; readonly value: T }
  /** There is no journal: nobody has written anything down. */
  | { readonly kind: 'none' }
  /** It is locked, on a full disk, or closed to this user. What stands in it is not known. */
  | { readonly kind: 'unknown'; readonly reason: string };
