export { tokenPattern, tokenRule } from './core/token.ts';
export { addressKey, addressOf } from './shell/address.ts';
export { answersInOrder } from './shell/answers-in-order.ts';
export { refuseRepeatedKeys } from './shell/repeated-keys.ts';
export { createTokenCheck } from './shell/token-check.ts';
