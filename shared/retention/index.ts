/** Which columns can hold words about persons, and how those words are removed. */
export { AT_ONCE, eraseWords, forgetWords, repeat } from './forgetting.js';
export { about, ACTOR, CODE, NAME, type TextColumn, type TextColumns } from './text-columns.js';
