/** The number under which a registry knows a person. */
export interface RegisteredNumber {
  kind: 'CHAMBER' | 'LANR' | 'TELEMATIK_ID';
  number: string;
  /** The chamber that assigned it; null for other registries. */
  chamber: string | null;
}

/** The part of an identity that shows whether two records are of one person. */
export interface NamedPerson {
  givenName: string;
  familyName: string;
  /** Null for a person who has the same name since birth. */
  birthName: string | null;
  /** ISO 8601 date. */
  birthDate: string;
  birthPlace: string;
}

/** Letters that have no decomposition in Unicode, and those that German spells with two. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  æ: 'ae',
  œ: 'oe',
  ø: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/**
 * Returns a name as it is compared: without case, and with umlauts, ß and letters with marks spelled by the letters A to Z. Hyphens, spaces,
 * apostrophes and dots are left out. "Müller-Lüdenscheidt" and "MUELLER LUEDENSCHEIDT" are equal, "Muller" is another name.
 */
export function normalizedName(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ßäöüæœøłđðþı]/g, (letter) => SPELLED[letter]!)
    .normalize('NFD')
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
}

/** Returns the text whose digest is equal for records that may be of one person by name, birth date and birthplace. */
export function nameKey({
  birthName,
  familyName,
  givenName,
  birthDate,
  birthPlace,
}: NamedPerson): string {
  return JSON.stringify([
    normalizedName(birthName ?? familyName),
    normalizedName(givenName),
    birthDate,
    normalizedName(birthPlace),
  ]);
}

/** Digits of a lifelong physician number that name the physician; the last two name the specialty. */
const LANR_DIGITS = 7;

/** Returns the text whose digest is equal for records with the same registry number. A number of a chamber is unique within the chamber. */
export function registryKey({ kind, number, chamber }: RegisteredNumber): string {
  const compared = number
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  return JSON.stringify([
    kind,
    kind === 'CHAMBER' ? chamber : null,
    kind === 'LANR' ? compared.slice(0, LANR_DIGITS) : compared,
  ]);
}
