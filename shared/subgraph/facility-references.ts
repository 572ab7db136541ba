import { getNamedType, isUnionType, type GraphQLResolveInfo } from 'graphql';
import { callersFault } from '../errors/index.js';

/** A reference that a client may give instead of a facility's id: its site number, or its IK where exactly one site has it. */
const REFERENCE = /^(site:\d{6}|ik:\d{9})$/;
const AMBIGUOUS = 'AmbiguousFacility';

/** Part of the context of a subgraph whose fields take ids of facilities. */
export interface FacilityReferences {
  /** Returns the ids of the facilities that each reference names. */
  idsOf(references: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

export function isFacilityReference(id: string): boolean {
  return REFERENCE.test(id);
}

/** Returns the site number or the IK of a reference. */
export function readReference(reference: string): { siteNumber: string } | { ik: string } {
  const number = reference.slice(reference.indexOf(':') + 1);
  return reference.startsWith('site:') ? { siteNumber: number } : { ik: number };
}

/**
 * Calls a resolver with the ids of the facilities that were named by reference. A reference to no facility stays as it is, and is
 * refused as any unknown id. One to several is refused as `AmbiguousFacility` where the field can say so; otherwise it is the caller's
 * fault in a query or subscription, and stays as it is in a bulk, whose entries are judged each by itself.
 */
export async function withReferencedFacilities(
  references: readonly string[],
  facilities: FacilityReferences,
  info: GraphQLResolveInfo,
  resolve: (idOf: (id: string) => string) => unknown,
): Promise<unknown> {
  const ids = await facilities.idsOf(references);
  const several = references.find((reference) => (ids.get(reference)?.length ?? 0) > 1);
  if (several !== undefined) {
    const sites = ids.get(several)!;
    const message = `${several} names ${sites.length} sites. Name the one that is meant by \`site:\` and its site number, or by its \`Facility.id\`.`;
    if (canBeAmbiguous(info)) {
      const named = sites.map((id) => ({ id }));
      return { __typename: AMBIGUOUS, message, reference: several, sites: named };
    }
    if (info.operation.operation !== 'mutation') throw callersFault('BAD_USER_INPUT', message);
  }
  return resolve((id) => {
    const [only, ...others] = ids.get(id) ?? [];
    return only === undefined || others.length > 0 ? id : only;
  });
}

function canBeAmbiguous({ returnType }: GraphQLResolveInfo): boolean {
  const type = getNamedType(returnType);
  return isUnionType(type) && type.getTypes().some(({ name }) => name === AMBIGUOUS);
}
