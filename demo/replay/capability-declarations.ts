import type { DeclareCapabilitiesInput } from './generated/operations.js';
import type { ModelledCentre } from './trauma-centres.js';

/** Returns the declarations of the modelled centres. Keys are fixed, so that a repeated start declares nothing twice. */
export function declarationsOf(centres: readonly ModelledCentre[]): DeclareCapabilitiesInput[] {
  return centres.map((centre) => ({
    ...centre,
    source: 'Demonstration model after doi 10.1007/s00101-019-00670-z',
    method: 'MODELLED',
    idempotencyKey: `first day, capabilities of ${centre.facility}`,
  }));
}
