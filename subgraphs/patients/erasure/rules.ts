import type { Identity } from '../registry/index.js';

/** Shorter parts of a name are too often words of another meaning. */
const SHORTEST_PART = 3;
/** Parts of names that name nobody. */
const PARTICLES = new Set('von van vom zum zur den der dem del dos und bin ibn med'.split(' '));

/** Returns the words by which a text may name a person: tag, name, its parts, and the birthday as it is written in Germany. */
export function wordsNaming(tag: string, identity: Identity | undefined): string[] {
  const { name = null, dateOfBirth = null } = identity ?? {};
  const parts = (name ?? '')
    .split(/[\s,;]+/)
    .filter((part) => part.length >= SHORTEST_PART && !PARTICLES.has(part.toLowerCase()));
  const [year, month, day] = dateOfBirth?.split('-') ?? [];
  const birthdays = dateOfBirth
    ? [dateOfBirth, `${day}.${month}.${year}`, `${Number(day)}.${Number(month)}.${year}`]
    : [];
  const words = [tag, ...(name === null ? [] : [name.trim()]), ...parts, ...birthdays];
  // A name before its parts, so that it is redacted as one.
  return [...new Set(words)].sort((a, b) => b.length - a.length);
}
