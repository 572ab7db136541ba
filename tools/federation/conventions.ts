import { Kind, print } from 'graphql';
import { isForeign, namedType, type Subgraph } from './subgraph-types.js';

/** Objects without a key that caches of clients identify, so that a new reading replaces the old one. */
export const CACHED_TYPES: readonly string[] = [
  'Beds',
  'Inbound',
  'Intake',
  'Region',
  'RegionBeds',
];

/** Caches of clients (Apollo Client, Relay) identify an object by its type and its `id`. */
export function cachedTypesHaveIds(subgraphs: Subgraph[]): string[] {
  return subgraphs.flatMap(({ name: subgraph, types }) =>
    CACHED_TYPES.flatMap((name) => {
      const type = types.get(name);
      if (!type || isForeign(type)) return [];
      const id = type.fields.find((field) => field.name.value === 'id');
      if (id && print(id.type) === 'ID!') return [];
      return [
        `type ${name} in ${subgraph} has no \`id: ID!\`: add it, always the same for one object, because caches of clients identify the type by it.`,
      ];
    }),
  );
}

const OF_CHANGES: Readonly<Record<string, string>> = {
  cursor: 'String!',
  at: 'DateTime!',
  caughtUp: 'Boolean!',
};

/** A message of a resumable subscription is a change or a mark, which has no entity. */
export function changesHaveMarks(subgraphs: Subgraph[]): string[] {
  return subgraphs.flatMap(({ name: subgraph, types }) => {
    const resumable = (types.get('Subscription')?.fields ?? []).filter(({ directives }) =>
      directives?.some(({ name }) => name.value === 'resumable'),
    );
    return resumable.flatMap((subscription) => {
      const change = types.get(namedType(subscription.type));
      if (!change) return [];
      const shapes = new Map(change.fields.map(({ name, type }) => [name.value, print(type)]));
      const missing = Object.entries(OF_CHANGES)
        .filter(([name, shape]) => shapes.get(name) !== shape)
        .map(
          ([name, shape]) =>
            `type ${change.name} in ${subgraph} has no \`${name}: ${shape}\`: add it.`,
        );
      const entities = change.fields
        .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE && type.type.kind !== Kind.LIST_TYPE)
        .filter(({ type }) => types.get(namedType(type))?.kind === 'object')
        .map(
          ({ name }) =>
            `${change.name}.${name.value} in ${subgraph} is never null: make it nullable, because a mark has no entity.`,
        );
      return [...missing, ...entities];
    });
  });
}

/** Wherever a facility may be unknown, its IK may have several sites. */
export function referencesMayBeAmbiguous(subgraphs: Subgraph[]): string[] {
  return subgraphs.flatMap(({ name: subgraph, types }) =>
    [...types.values()]
      .filter(({ members }) => members.includes('UnknownFacility'))
      .filter(({ members }) => !members.includes('AmbiguousFacility'))
      .map(
        ({ name }) =>
          `union ${name} in ${subgraph} has UnknownFacility and no AmbiguousFacility: add it, because a facility may be named by an IK.`,
      ),
  );
}

/** Types whose `area` is the code of no region. */
const WITHOUT_REGION: readonly string[] = ['UnknownArea'];

/** A client that reads an area's code can select its region, in each subgraph that has the type `Region` or a stub of it. */
export function areasHaveRegions(subgraphs: Subgraph[]): string[] {
  return subgraphs.flatMap(({ name: subgraph, types }) => {
    if (!types.has('Region')) return [];
    return [...types.values()]
      .filter(({ kind, name }) => kind === 'object' && !WITHOUT_REGION.includes(name))
      .filter(({ directives }) => !directives.some(({ name }) => name.value === 'inaccessible'))
      .filter(({ fields }) => fields.some(({ name }) => name.value === 'area'))
      .filter(
        ({ fields }) =>
          !fields.some(({ name, type }) => name.value === 'region' && namedType(type) === 'Region'),
      )
      .map(
        ({ name }) =>
          `type ${name} in ${subgraph} has an \`area\` and no region: write \`region: Region\` beside it.`,
      );
  });
}

/** Words for a start and an end that have one name in all schemas. */
const OF_TIMES: readonly [pattern: RegExp, name: string][] = [
  [/^(expiresAt|expiry|validUntil|endsAt|to)$/, 'until'],
  [/^(validFrom|startsAt|begin)$/, 'from'],
];
const OF_ARGUMENTS: typeof OF_TIMES = [...OF_TIMES, [/^(sort|sortBy|order|ordering)$/, 'orderBy']];

/** Returns one line for each field, input field or argument of another name. `to` may be a destination, which is no instant. */
export function startsEndsAndOrdersHaveOneName(subgraphs: Subgraph[]): string[] {
  return subgraphs.flatMap(({ name: subgraph, types }) =>
    [...types.values()].flatMap((type) => {
      const named = [
        ...type.fields.map(({ name, type: of }) => ({ name: name.value, of, rules: OF_TIMES })),
        ...type.inputFields.map(({ name, type: of }) => ({ name, of, rules: OF_ARGUMENTS })),
        ...type.fields.flatMap(({ arguments: args = [] }) =>
          args.map(({ name, type: of }) => ({ name: name.value, of, rules: OF_ARGUMENTS })),
        ),
      ];
      return named.flatMap(({ name, of, rules }) => {
        const right = rules.find(([pattern]) => pattern.test(name))?.[1];
        if (right === undefined || ['Facility', 'ID'].includes(namedType(of))) return [];
        return [`${type.name} in ${subgraph} has \`${name}\`: call it \`${right}\`.`];
      });
    }),
  );
}
