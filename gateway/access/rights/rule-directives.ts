import type { DirectiveDefinition, Schema } from '@apollo/federation-internals';
import type { Policy } from './policies.js';
import type { Rule } from './rule.js';

/** The directives of the federation specification that this gateway enforces, and the argument that lists their names. */
const DIRECTIVES = [
  { directive: 'authenticated', kind: 'authenticated', argument: undefined },
  { directive: 'requiresScopes', kind: 'scopes', argument: 'scopes' },
  { directive: 'policy', kind: 'policies', argument: 'policies' },
] as const;

type EnforcedDirective = (typeof DIRECTIVES)[number];

const IDENTITIES = new Map<string, EnforcedDirective>(
  DIRECTIVES.map((known) => [`https://specs.apollo.dev/${known.directive}`, known]),
);

/** Whether a `@link` names one of the specifications that are enforced here. */
export function isEnforced(url: string): boolean {
  return IDENTITIES.has(url.replace(/\/v[\d.]+$/, ''));
}

/** A field or type of a supergraph. */
interface RestrictedElement {
  coordinate: string;
  appliedDirectivesOf(name: string): { arguments(): Readonly<Record<string, unknown>> }[];
}

/** Returns the rules of an element. */
export type RulesOn = (element: RestrictedElement) => Rule[];

/**
 * Reads from the supergraph's links under which names it contains the directives: a subgraph may import them under other
 * names. Throws when the requirement of a directive cannot be read.
 */
export function rulesOn(schema: Schema, policies: ReadonlyMap<string, Policy>): RulesOn {
  for (const definition of schema.directives()) refuseUnlinked(schema, definition);
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

/** A directive with the name of ours but without a link would look like a rule and have no effect. */
function refuseUnlinked(schema: Schema, definition: DirectiveDefinition): void {
  if (!DIRECTIVES.some(({ directive }) => directive === definition.name)) return;
  const source = schema.coreFeatures?.sourceFeature(definition);
  if (source && IDENTITIES.has(source.feature.url.identity)) return;
  throw new Error(
    `The supergraph defines @${definition.name} without linking https://specs.apollo.dev/${definition.name}, so nobody enforces it. Import it from the federation specification.`,
  );
}

function ruleOf(
  { kind, argument, directive }: EnforcedDirective,
  given: Readonly<Record<string, unknown>>,
  policies: ReadonlyMap<string, Policy>,
  coordinate: string,
): Rule {
  if (kind === 'authenticated') return { kind };
  const anyOf = given[argument];
  if (!isListOfNames(anyOf)) {
    throw new Error(
      `@${directive} on ${coordinate} needs a list of lists of names as ${argument}; it has ${JSON.stringify(anyOf)}.`,
    );
  }
  const unknown = kind === 'policies' && anyOf.flat().find((name) => !policies.has(name));
  if (unknown !== false && unknown !== undefined) {
    throw new Error(
      `@policy on ${coordinate} names "${unknown}"; this gateway knows ${[...policies.keys()].join(', ')}. Correct it, or add it to gateway/access/rights/policies.ts.`,
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
