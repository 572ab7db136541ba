import { invalid, textFault, type WithTypename } from '../../../shared/validation/rules.js';
import type {
  InvalidCapabilities,
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

export type CapabilitiesRefusal = WithTypename<InvalidCapabilities>;

export function judgeCapabilities({
  source,
  method,
  traumaLevel,
  capabilities,
  childrenOnly,
}: DeclareCapabilitiesInput): AcceptedCapabilities | CapabilitiesRefusal {
  const refused = invalid(
    'InvalidCapabilities',
    'source',
    textFault('source', source, LONGEST_SOURCE),
  );
  if (refused) return refused;
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
