export { tokenPattern, tokenRule } from './core/token.ts';
export { addressKey, addressOf } from './shell/address.ts';
export { answersInOrder, type BrokenAnswer } from './shell/answers-in-order.ts';
export { refuseRepeatedKeys } from './shell/repeated-keys.ts';
export { createTokenCheck, type TokenCheck, type TokenVerdict } from './shell/token-check.ts';
