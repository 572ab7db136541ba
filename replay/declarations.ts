import type { ModelledCentre } from './trauma-centres.js';

/** The input of `declareCapabilities`. */
export interface CapabilityDeclaration extends ModelledCentre {
  source: string;
  method: string;
  idempotencyKey: string;
}

/** The gateway allows an operation 50 fields under another name. */
export const DECLARATIONS_PER_CALL = 40;

/** What the hub is told of the modelled centres. The key says what it is, so that a repeated start declares nothing twice. */
export function declarationsOf(centres: readonly ModelledCentre[]): CapabilityDeclaration[] {
  return centres.map((centre) => ({
    ...centre,
    source: 'Demonstration model after doi 10.1007/s00101-019-00670-z',
    method: 'MODELLED',
    idempotencyKey: `first day, capabilities of ${centre.facility}`,
  }));
}

/** One operation that makes so many declarations, each given as a variable `d0`, `d1` and so on. */
export function mutationFor(count: number): string {
  const places = Array.from({ length: count }, (_, place) => place);
  const variables = places.map((place) => `$d${place}: DeclareCapabilitiesInput!`).join(' ');
  const fields = places.map(
    (place) =>
      `d${place}: declareCapabilities(input: $d${place}) { __typename ... on Refusal { message } }`,
  );
  return `mutation ReplayDeclarations(${variables}) {\n${fields.join('\n')}\n}`;
}
