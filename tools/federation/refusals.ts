import { print } from 'graphql';
import type { Subgraph, SubgraphType } from './subgraph-types.js';

/** Refusals of things that are found by a public code, each with the field that repeats the code. All others repeat an id. */
const BY_CODE: Readonly<Record<string, string>> = {
  UnknownArea: 'area: String!',
  UnknownProfession: 'professionCode: String!',
  UnknownVehicle: 'callSign: String!',
};

/** Words for what has a pattern, and the name that the pattern gives it. */
const OTHER_WORDS: readonly [pattern: RegExp, instead: string][] = [
  [/^(No|Missing|Absent)[A-Z].*(Found|Id)$|NotFound$|DoesNotExist$/, 'Unknown<Thing>'],
  [
    /^(Incomplete|Malformed|Bad|Contradictory)|(Incomplete|Missing)$|Without[A-Z]/,
    'Invalid<Thing>',
  ],
  [/^(Already|Active|Duplicate)[A-Z]|(Already|Active)$/, '<Thing>Exists'],
  [/[a-z](Over|Closed|HasEnded|Finished)$/, '<Thing>Ended'],
  [/(TooEarly|TooLate|InThePast|InTheFuture)$/, '<Value>OutOfRange'],
];
/** Refusals that have such a word and another meaning. */
const OTHER_MEANING: readonly string[] = [
  // The patient is there, or on the way; nothing is made twice.
  'AlreadyThere',
  // An authority that is competent may decide again.
  'DuplicateDecided',
  // Its one limit follows from another entity, not from the input itself.
  'CommitmentTooLate',
];

/** Returns one line for each refusal whose name or fields are not those of its pattern. */
export function refusalsFollowAPattern(subgraphs: Subgraph[]): string[] {
  return subgraphs.flatMap(({ name: subgraph, types }) =>
    [...types.values()]
      .filter(({ interfaces }) => interfaces.includes('Refusal'))
      .flatMap((type) =>
        problemsOf(type, types).map((problem) => `type ${type.name} in ${subgraph} ${problem}`),
      ),
  );
}

function problemsOf({ name, fields }: SubgraphType, types: Subgraph['types']): string[] {
  const word = OTHER_WORDS.find(([pattern]) => pattern.test(name));
  if (word && !OTHER_MEANING.includes(name)) {
    return [`has a name of its own: call it \`${word[1]}\`, as the others of its kind.`];
  }
  const shapes = new Map(fields.map((field) => [field.name.value, print(field.type)]));
  const has = (field: string) => {
    const [key, shape] = field.split(': ') as [string, string];
    return shapes.get(key) === shape;
  };
  const [, unknown] = /^Unknown(.+)$/.exec(name) ?? [];
  if (unknown !== undefined) {
    const wanted = BY_CODE[name] ?? `${fieldOf(unknown)}Id: ID!`;
    return has(wanted) ? [] : [`refuses what nothing is known of: give it \`${wanted}\`.`];
  }
  if (name.startsWith('Invalid')) {
    const says = 'refuses an input that contradicts itself or lacks a part';
    return has('field: String!') ? [] : [`${says}: give it \`field: String!\`.`];
  }
  const [, entity] = /^(.+)(?:Ended|Exists)$/.exec(name) ?? [];
  if (entity === undefined) return [];
  const field = fieldOf(entity);
  const shape = (shapes.get(field) ?? '').replace(/!$/, '');
  if (types.get(shape)?.kind === 'object' || has(`${field}Id: ID!`)) return [];
  return [
    `refuses because of a thing that has ended or exists: give it the thing as \`${field}\`, or \`${field}Id: ID!\` where the caller may not see it.`,
  ];
}

function fieldOf(thing: string): string {
  return thing.charAt(0).toLowerCase() + thing.slice(1);
}

/** The fields of a refusal of an instant or of a number outside its limits. `minimum` is nullable because stocks have a `minimum` too. */
const OF_LIMITS: readonly Readonly<Record<string, string>>[] = [
  { field: 'String!', at: 'DateTime!', earliest: 'DateTime!', latest: 'DateTime!' },
  { field: 'String!', value: 'Float!', minimum: 'Float', maximum: 'Float!' },
];
const LIMITS = /^(earliest|latest|minimum|maximum|lowest|highest|smallest|largest|least|most)$/;
/** A refusal whose one limit follows from another entity, not from the input itself. */
const WITH_ONE_LIMIT: readonly string[] = ['CommitmentTooLate'];

/** Returns one line for each refusal of a value outside its limits that lacks the value, a limit, or the name of the input. */
export function refusalsNameTheirLimits(subgraphs: Subgraph[]): string[] {
  return subgraphs.flatMap(({ name: subgraph, types }) =>
    [...types.values()].flatMap(({ name, fields, interfaces }) => {
      if (!interfaces.includes('Refusal') || WITH_ONE_LIMIT.includes(name)) return [];
      const shapes = new Map(fields.map((field) => [field.name.value, print(field.type)]));
      const hasLimits = [...shapes.keys()].some((field) => LIMITS.test(field));
      if (!hasLimits && !/(OutOfRange|^Implausible)/.test(name)) return [];
      const isComplete = OF_LIMITS.some((wanted) =>
        Object.entries(wanted).every(([field, shape]) => shapes.get(field) === shape),
      );
      if (isComplete) return [];
      const [instants, numbers] = OF_LIMITS.map((wanted) =>
        Object.entries(wanted)
          .map(([field, shape]) => `${field}: ${shape}`)
          .join(', '),
      );
      return [
        `type ${name} in ${subgraph} refuses a value outside its limits: give it \`${instants}\` for an instant, or \`${numbers}\` for a number.`,
      ];
    }),
  );
}
