import { currentAreas, formerKreise } from './keys.js';

const FORM = /^(\d{2}|\d{3}|\d{5})?$/;
const LONGEST_SHOWN = 20;

/** Returns whether a text has the form of an area: an AGS prefix of 0, 2, 3 or 5 digits, whether or not it exists. */
export function hasAreaForm(text: string): boolean {
  return FORM.test(text);
}

/**
 * Returns the area that a text names today: the text itself where the area exists, the successor where it is the key of a
 * former Kreis, undefined where no such area exists.
 */
export function areaToday(text: string): string | undefined {
  const key = formerKreise().get(text)?.successor ?? text;
  return currentAreas().has(key) ? key : undefined;
}

/** Returns what is wrong with a text that names no area, as a sentence for the caller. `name` is the argument's name. */
export function areaFault(name: string, text: string): string {
  const received = JSON.stringify(text.slice(0, LONGEST_SHOWN));
  if (!hasAreaForm(text)) {
    return `${name} is an AGS prefix of 2, 3 or 5 digits; received ${received}. All of Germany is the empty text.`;
  }
  return `${name} is the AGS of a Land (05), Regierungsbezirk (053) or Kreis (05315) that exists; there is no ${received}. Take a code from \`regions\`; all of Germany is the empty text.`;
}
