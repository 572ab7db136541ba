import type { DirectiveDefinition, Schema } from '@apollo/federation-internals';
import type { Policy } from './policies.js';
import type { Rule } from './rule.js';

/** The directives of the federation specification that this gateway enforces, and the argument that holds their names. */
const DIRECTIVES = [
  { directive: 'authenticated', kind: 'authenticated', argument: undefined },
  { directive: 'requiresScopes', kind: 'scopes', argument: 'scopes' },
  { directive: 'policy', kind: 'policies', argument: 'policies' },
] as const;

type Known = (typeof DIRECTIVES)[number];

const IDENTITIES = new Map<string, Known>(
  DIRECTIVES.map((known) => [`https://specs.apollo.dev/${known.directive}`, known]),
);

/** Whether a `@link` names one of the specifications that are enforced here. */
export function isEnforced(url: string): boolean {
  return IDENTITIES.has(url.replace(/\/v[\d.]+$/, ''));
}

/** A field or type of a supergraph. */
interface Guarded {
  coordinate: string;
  appliedDirectivesOf(name: string): { arguments(): Readonly<Record<string, unknown>> }[];
}

/** The rules that stand on it. */
export type RulesOn = (element: Guarded) => Rule[];

/**
 * Learns from the supergraph's links under which names the directives stand in it: a subgraph may import them under
 * others. Throws when it cannot be told what a directive demands.
 */
export function rulesOn(schema: Schema, policies: ReadonlyMap<string, Policy>): RulesOn {
  for (const definition of schema.directives()) refuseImpostor(schema, definition);
  const linked = [...IDENTITIES].flatMap(([identity, known]) => {
    const feature = schema.coreFeatures?.getByIdentity(identity);
    if (!feature) return [];
    const { major, minor } = feature.url.version;
    if (major !== 0 || minor !== 1) {
      throw new Error(
        `The supergraph uses ${feature.url.toString()}; this gateway enforces v0.1 of it. Compose it with the version of @apollo/composition that belongs to this hub.`,
      );
    }
    return [{ known, name: feature.directiveNameInSchema(known.directive) }];
  });
  return (element) =>
    linked.flatMap(({ known, name }) =>
      element
        .appliedDirectivesOf(name)
        .map((applied) => ruleOf(known, applied.arguments(), policies, element.coordinate)),
    );
}

/** A directive that is called like ours but linked to nothing would look like a right and be none. */
function refuseImpostor(schema: Schema, definition: DirectiveDefinition): void {
  if (!DIRECTIVES.some(({ directive }) => directive === definition.name)) return;
  const source = schema.coreFeatures?.sourceFeature(definition);
  if (source && IDENTITIES.has(source.feature.url.identity)) return;
  throw new Error(
    `The supergraph defines @${definition.name} without linking https://specs.apollo.dev/${definition.name}, so nobody enforces it. Import it from the federation specification.`,
  );
}

function ruleOf(
  { kind, argument, directive }: Known,
  given: Readonly<Record<string, unknown>>,
  policies: ReadonlyMap<string, Policy>,
  place: string,
): Rule {
  if (kind === 'authenticated') return { kind };
  const anyOf = given[argument];
  if (!isListOfNames(anyOf)) {
    throw new Error(
      `@${directive} on ${place} needs a list of lists of names as ${argument}; it has ${JSON.stringify(anyOf)}.`,
    );
  }
  const unknown = kind === 'policies' && anyOf.flat().find((name) => !policies.has(name));
  if (unknown !== false && unknown !== undefined) {
    throw new Error(
      `@policy on ${place} names "${unknown}"; this gateway knows ${[...policies.keys()].join(', ')}. Correct it, or add it to gateway/access/rights/policies.ts.`,
    );
  }
  return { kind, anyOf };
}

function isListOfNames(value: unknown): value is string[][] {
  const isList = (list: unknown): list is unknown[] => Array.isArray(list);
  return (
    isList(value) &&
    value.every((names) => isList(names) && names.every((name) => typeof name === 'string'))
  );
}
