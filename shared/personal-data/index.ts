/** Data about persons: encrypts it in fields, registers every column that can hold words about a person, and removes those words. */
export { AT_ONCE, eraseWords, deleteExpiredText, repeat } from './forgetting.js';
export {
  about,
  ACTOR,
  CODE,
  freeText,
  NAME,
  SHARED_TEXT_COLUMNS,
  type TextColumns,
} from './text-columns.js';
export { FieldSeal, type SealedField } from './field-seal.js';
export { sealKeys } from './seal-keys.js';
