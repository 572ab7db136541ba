import type { DeclareStorageInput } from '../../generated/graphql.js';
import { quantityFault } from '../../items/rules.js';
import { holderFault } from '../offers/rules.js';

/** Returns the fault of a declaration, as a sentence for the caller; undefined if it has none. */
export function storageFault(input: DeclareStorageInput): string | undefined {
  const { capacity, free } = input;
  return (
    holderFault(input) ??
    quantityFault('capacity', capacity) ??
    quantityFault('free', free) ??
    (free <= capacity
      ? undefined
      : `free is at most the capacity, ${capacity}; received ${free}. Correct one of them.`)
  );
}
