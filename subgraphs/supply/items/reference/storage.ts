import type { StorageNeed } from '../../generated/graphql.js';

/** How medicines whose substance begins with a text are stored; `doseFormBegins` is empty for every dose form. */
export interface StorageRule {
  substanceBegins: string;
  doseFormBegins: string;
  storage: StorageNeed;
}

const STRICTNESS: readonly StorageNeed[] = ['AMBIENT', 'COLD', 'CONTROLLED'];

/** Returns how a medicine is stored: the strictest of what its substances need, AMBIENT where no rule names one. */
export function storageOf(
  substances: readonly string[],
  doseForm: string,
  rules: readonly StorageRule[],
): StorageNeed {
  const needs = rules
    .filter(({ doseFormBegins }) => doseForm.startsWith(doseFormBegins))
    .filter(({ substanceBegins }) => substances.some((one) => one.startsWith(substanceBegins)))
    .map(({ storage }) => STRICTNESS.indexOf(storage));
  return STRICTNESS[Math.max(0, ...needs)]!;
}
