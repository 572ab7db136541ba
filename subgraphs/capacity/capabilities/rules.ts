import type { WithTypename } from '../../../shared/validation/rules.js';
import type {
  CapabilitiesWithoutSource,
  DeclareCapabilitiesInput,
  Method,
} from '../generated/graphql.js';
import type { CapabilityDeclaration } from '../generated/prisma/client.js';

const LONGEST_SOURCE = 200;

/** A declaration as it is kept. */
export interface AcceptedCapabilities extends Pick<
  CapabilityDeclaration,
  'source' | 'method' | 'traumaLevel' | 'capabilities'
> {
  /** Left out where nothing is said of it. */
  childrenOnly: boolean | undefined;
}

export type CapabilitiesRefusal = WithTypename<CapabilitiesWithoutSource>;

export function judgeCapabilities({
  source,
  method,
  traumaLevel,
  capabilities,
  childrenOnly,
}: DeclareCapabilitiesInput): AcceptedCapabilities | CapabilitiesRefusal {
  if (source.trim() === '' || source.length > LONGEST_SOURCE) {
    return {
      __typename: 'CapabilitiesWithoutSource',
      message: `source says who declares the capabilities, in 1 to ${LONGEST_SOURCE} characters; received ${source.length}.`,
      field: 'source',
    };
  }
  return {
    source,
    method,
    traumaLevel: traumaLevel ?? null,
    capabilities: [...new Set(capabilities)],
    childrenOnly: childrenOnly ?? undefined,
  };
}

/** Whether a new declaration counts from now on: the newest does, but no model outranks what a facility says of itself. */
export function supersedes(
  declared: { method: Method },
  inForce: { method: Method } | undefined,
): boolean {
  return declared.method !== 'MODELLED' || inForce === undefined || inForce.method === 'MODELLED';
}
