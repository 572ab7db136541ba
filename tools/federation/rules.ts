import { Kind, print } from 'graphql';
import {
  areasHaveRegions,
  cachedTypesHaveIds,
  changesHaveMarks,
  referencesMayBeAmbiguous,
  startsEndsAndOrdersHaveOneName,
} from './conventions.js';
import { refusalsFollowAPattern, refusalsNameTheirLimits } from './refusals.js';
import {
  hasDirective,
  isEntity,
  isForeign,
  isResolvable,
  isRoot,
  isStub,
  keyFields,
  namedType,
  type Subgraph,
  type SubgraphType,
} from './subgraph-types.js';

/** Rules on which several schemas must agree so that one supergraph can be trusted. Each rule returns one line per violation, with its fix. */
export const FEDERATION_RULES: ((subgraphs: Subgraph[]) => string[])[] = [
  enumsUsedBothWaysAreIdentical,
  inputNamesAreUnique,
  refusalIsIdentical,
  valueTypesAreShareable,
  entitiesHaveOneOwner,
  stubsAreNotResolvable,
  foreignFieldsAreNullable,
  reachedEntitiesSurviveTheirOwner,
  cachedTypesHaveIds,
  areasHaveRegions,
  changesHaveMarks,
  referencesMayBeAmbiguous,
  refusalsFollowAPattern,
  refusalsNameTheirLimits,
  startsEndsAndOrdersHaveOneName,
];

/**
 * Composition merges an enum that is only an output or only an input, and refuses the rest much later, with all
 * subgraphs named at once. Said here, it is one line.
 */
function enumsUsedBothWaysAreIdentical(subgraphs: Subgraph[]): string[] {
  const { inputs, outputs } = usages(subgraphs);
  return inSeveral(subgraphs, 'enum').flatMap(({ name, holders }) => {
    if (!inputs.has(name) || !outputs.has(name)) return [];
    const all = new Set(holders.flatMap(({ type }) => type.values));
    return holders.flatMap(({ subgraph, type }) => {
      const missing = [...all].filter((value) => !type.values.includes(value));
      if (!missing.length) return [];
      return [
        `enum ${name} in ${subgraph} lacks ${missing.join(', ')}: clients both send and receive it, so give it the same values everywhere.`,
      ];
    });
  });
}

/** Federation keeps only the fields that all subgraphs know: two inputs of one name silently lose the rest. */
function inputNamesAreUnique(subgraphs: Subgraph[]): string[] {
  return inSeveral(subgraphs, 'input').map(
    ({ name, holders }) =>
      `input ${name} is defined in ${namesOf(holders)}: rename it in one of them, because the supergraph keeps only the fields they share.`,
  );
}

function refusalIsIdentical(subgraphs: Subgraph[]): string[] {
  const holders =
    inSeveral(subgraphs, 'interface').find(({ name }) => name === 'Refusal')?.holders ?? [];
  const shapes = holders.map(({ type }) => shapeOf(type));
  return holders.flatMap(({ subgraph }, index) =>
    shapes[index] === shapes[0]
      ? []
      : [
          `interface Refusal in ${subgraph} is { ${shapes[index]} } and in ${holders[0]?.subgraph} { ${shapes[0]} }: use the one of shared/graphql.`,
        ],
  );
}

function valueTypesAreShareable(subgraphs: Subgraph[]): string[] {
  return inSeveral(subgraphs, 'object').flatMap(({ name, holders }) =>
    holders
      .filter(({ type }) => !isEntity(type) && !isRoot(type) && !hasDirective(type, 'shareable'))
      .filter(({ type }) => type.fields.some((field) => !hasDirective(field, 'shareable')))
      .map(
        ({ subgraph }) =>
          `type ${name} in ${subgraph} is defined in ${namesOf(holders)}: write \`type ${name} @shareable\` in each.`,
      ),
  );
}

function entitiesHaveOneOwner(subgraphs: Subgraph[]): string[] {
  return inSeveral(subgraphs, 'object').flatMap(({ name, holders }) => {
    const owners = holders.filter(({ type }) => isEntity(type) && !isForeign(type));
    if (owners.length < 2) return [];
    return [
      `entity ${name} is defined by ${namesOf(owners)}: one creates it, the others write \`extend type ${name} @key(...)\` and add fields.`,
    ];
  });
}

function stubsAreNotResolvable(subgraphs: Subgraph[]): string[] {
  return inSeveral(subgraphs, 'object').flatMap(({ name, holders }) =>
    holders
      .filter(({ type }) => isStub(type) && isResolvable(type))
      .filter((stub) => holders.some((other) => other !== stub && !isStub(other.type)))
      .map(
        ({ subgraph }) =>
          `type ${name} in ${subgraph} only names an entity of another subgraph: write \`@key(..., resolvable: false)\`.`,
      ),
  );
}

/** When the other subgraph is unavailable its fields are null, and null in a non-null field would remove the whole entity. */
function foreignFieldsAreNullable(subgraphs: Subgraph[]): string[] {
  return subgraphs.flatMap(({ name: subgraph, types }) =>
    [...types.values()].flatMap((type) => {
      if (type.kind !== 'object') return [];
      const keys = keyFields(type);
      return type.fields
        .filter((field) => field.type.kind === Kind.NON_NULL_TYPE)
        .filter((field) => !keys.has(field.name.value) && !hasDirective(field, 'external'))
        .flatMap((field) => {
          const resolved = types.get(namedType(field.type));
          const where = `${type.name}.${field.name.value} in ${subgraph}`;
          const fix = `make it nullable, because ${print(field.type)} removes its parent when one subgraph is unavailable.`;
          if (isForeign(type))
            return [`${where} is added to an entity of another subgraph: ${fix}`];
          if (resolved && isForeign(resolved))
            return [`${where} is resolved by another subgraph: ${fix}`];
          return [];
        });
    }),
  );
}

/**
 * Entities whose key stands beside every field that returns them: the code of a `region` is the `area`. When the owner is down,
 * the nullable field is null and the key is still read.
 */
const KEYS_BESIDE: ReadonlySet<string> = new Set(['Region']);

/**
 * A client that reaches an entity through another subgraph has its key from there. When the owner is unavailable, that is all
 * it has; null in a non-null field of the owner would remove it.
 */
function reachedEntitiesSurviveTheirOwner(subgraphs: Subgraph[]): string[] {
  return inSeveral(subgraphs, 'object').flatMap(({ name, holders }) => {
    if (KEYS_BESIDE.has(name)) return [];
    const through = holders.find(
      ({ subgraph, type }) =>
        isForeign(type) &&
        leadsTo(
          subgraphs.find((one) => one.name === subgraph)!,
          name,
        ),
    );
    if (!through) return [];
    return holders
      .filter(({ type }) => isEntity(type) && !isForeign(type))
      .flatMap(({ subgraph, type }) =>
        type.fields
          .filter((field) => field.type.kind === Kind.NON_NULL_TYPE)
          .filter((field) => !keyFields(type).has(field.name.value))
          .map(
            (field) =>
              `${name}.${field.name.value} in ${subgraph} is reached through ${through.subgraph}: make it nullable, because ${print(field.type)} removes the ${name} that ${through.subgraph} named when ${subgraph} is unavailable.`,
          ),
      );
  });
}

function leadsTo({ types }: Subgraph, entity: string): boolean {
  return [...types.values()].some((type) =>
    type.fields.some((field) => namedType(field.type) === entity),
  );
}

interface Holder {
  subgraph: string;
  type: SubgraphType;
}

/** The types of a kind that more than one subgraph has. */
function inSeveral(
  subgraphs: Subgraph[],
  kind: SubgraphType['kind'],
): { name: string; holders: Holder[] }[] {
  const holders = new Map<string, Holder[]>();
  for (const { name: subgraph, types } of subgraphs) {
    for (const type of types.values()) {
      if (type.kind !== kind) continue;
      holders.set(type.name, [...(holders.get(type.name) ?? []), { subgraph, type }]);
    }
  }
  return [...holders]
    .filter(([, found]) => found.length > 1)
    .map(([name, found]) => ({ name, holders: found }));
}

function usages(subgraphs: Subgraph[]): { inputs: Set<string>; outputs: Set<string> } {
  const types = subgraphs.flatMap((subgraph) => [...subgraph.types.values()]);
  const fields = types.flatMap((type) => type.fields);
  return {
    outputs: new Set(fields.map((field) => namedType(field.type))),
    inputs: new Set([
      ...types.flatMap((type) => type.inputFields.map((field) => namedType(field.type))),
      ...fields.flatMap((field) =>
        (field.arguments ?? []).map((argument) => namedType(argument.type)),
      ),
    ]),
  };
}

function shapeOf(type: SubgraphType): string {
  return type.fields
    .map((field) => `${field.name.value}: ${print(field.type)}`)
    .sort()
    .join(', ');
}

function namesOf(holders: Holder[]): string {
  return holders.map(({ subgraph }) => subgraph).join(' and ');
}
