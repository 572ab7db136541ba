import type { ModelledCentre } from './trauma-centres.js';

/** The input of `declareCapabilities`. */
export interface CapabilityDeclaration extends ModelledCentre {
  source: string;
  method: string;
  idempotencyKey: string;
}

/** What the hub is told of the modelled centres. The key says what it is, so that a repeated start declares nothing twice. */
export function declarationsOf(centres: readonly ModelledCentre[]): CapabilityDeclaration[] {
  return centres.map((centre) => ({
    ...centre,
    source: 'Demonstration model after doi 10.1007/s00101-019-00670-z',
    method: 'MODELLED',
    idempotencyKey: `first day, capabilities of ${centre.facility}`,
  }));
}
