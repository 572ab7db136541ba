import { noneWithId, textFault, type WithTypename } from '../../../../shared/validation/rules.js';
import type { ItemFilter, Unit, UnknownItem, WrongUnit } from '../../generated/graphql.js';
import type { Item } from '../../generated/prisma/client.js';

/** An item as it is stored. */
export type ItemRow = Item;

const PZN_REFERENCE = /^pzn:(.*)$/is;
const LONGEST_TEXT = 100;

/**
 * Returns what is wrong with a Pharmazentralnummer; undefined when nothing is. Its last digit is the sum of the first seven, each
 * times its position, modulo 11; a number whose remainder is 10 is not assigned (IFA, Technische Hinweise zur PZN-Codierung).
 */
export function pznFault(pzn: string): string | undefined {
  if (!/^\d{8}$/.test(pzn)) {
    return `A Pharmazentralnummer has eight digits; received "${pzn.slice(0, 20)}". Older numbers of seven digits get a 0 in front.`;
  }
  const digits = Array.from(pzn, Number);
  const remainder = digits.slice(0, 7).reduce((sum, digit, n) => sum + digit * (n + 1), 0) % 11;
  if (remainder === digits[7]) return undefined;
  return `The Pharmazentralnummer ${pzn} has a wrong check digit: ${remainder === 10 ? 'no number begins with these seven digits' : `expected ${remainder}, received ${digits[7]}`}. Read it again from the pack.`;
}

/** Returns the Pharmazentralnummer that a reference names, valid or not; undefined for a reference by id. */
export function pznOf(reference: string): string | undefined {
  return PZN_REFERENCE.exec(reference)?.[1];
}

/** Returns what is wrong with the Pharmazentralnummer that a reference names; undefined for a valid one, and for an id. */
export function referenceFault(reference: string): string | undefined {
  const pzn = pznOf(reference);
  return pzn === undefined ? undefined : pznFault(pzn);
}

/** Returns the fault of a filter, as a sentence for the caller; undefined if it has none. */
export function filterFault({ pzn, text }: ItemFilter): string | undefined {
  return (
    (pzn == null ? undefined : pznFault(pzn)) ??
    (text == null ? undefined : textFault('text', text, LONGEST_TEXT))
  );
}

export function unknownItem(reference: string): WithTypename<UnknownItem> {
  const pzn = pznOf(reference);
  const unknown = noneWithId(
    'item',
    reference,
    '`items`, or name a medicine by `pzn:` and its Pharmazentralnummer',
  );
  if (pzn === undefined) return unknown;
  return { ...unknown, message: pznFault(pzn) ?? notImported(pzn) };
}

function notImported(pzn: string): string {
  return `There is no item with the Pharmazentralnummer ${pzn} in this hub. It is delivered with a sample of the medicines of intensive care; who operates it imports others (\`npm run import:medicines\`).`;
}

/** Returns the refusal of a quantity that is stated in another unit than the item's; undefined for the item's own. */
export function wrongUnit(
  { id, name, unit }: Pick<ItemRow, 'id' | 'name' | 'unit'>,
  given: Unit,
): (WithTypename<Omit<WrongUnit, 'item'>> & { item: { id: string } }) | undefined {
  if (given === unit) return undefined;
  return {
    __typename: 'WrongUnit',
    message: `${name} is counted in ${unit}; received a quantity in ${given}. Convert the quantity and send it in ${unit}.`,
    item: { id },
    givenUnit: given,
  };
}
