import {
  isInterfaceType,
  isObjectType,
  type InterfaceType,
  type ObjectType,
  type Schema,
} from '@apollo/federation-internals';
import {
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';

const MAX_REMEMBERED = 2_000;

/**
 * The fields whose subgraph needs to know which person reads them (`@audited`). Requests for them carry the subject, and their
 * responses are not shared.
 */
export class AuditedFields {
  /** As `Type.field`. */
  readonly #fields: ReadonlySet<string>;
  readonly #schema: GraphQLSchema;
  readonly #known = new LRUCache<string, boolean>({ max: MAX_REMEMBERED });

  constructor(supergraph: Schema, schema: GraphQLSchema) {
    this.#fields = new Set(auditedFields(supergraph));
    this.#schema = schema;
  }

  /** Whether a query that is sent to a subgraph selects an audited field. */
  areRequestedBy(query: string): boolean {
    if (this.#fields.size === 0) return false;
    const known = this.#known.get(query);
    if (known !== undefined) return known;
    const areSelected = this.areSelectedIn(parse(query, { noLocation: true }));
    this.#known.set(query, areSelected);
    return areSelected;
  }

  areSelectedIn(document: DocumentNode): boolean {
    if (this.#fields.size === 0) return false;
    const types = new TypeInfo(this.#schema);
    let areSelected = false;
    visit(
      document,
      visitWithTypeInfo(types, {
        Field: ({ name }) => {
          const parent = types.getParentType();
          if (parent && this.#fields.has(`${parent.name}.${name.value}`)) areSelected = true;
        },
      }),
    );
    return areSelected;
  }
}

/** A field of an interface may return the field of any implementing type, so it is audited where one of those is. */
function* auditedFields(supergraph: Schema): Generator<string> {
  for (const type of supergraph.types()) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of type.fields()) {
      if (!field.hasAppliedDirective('audited')) continue;
      for (const { name } of relatives(type)) yield `${name}.${field.name}`;
    }
  }
}

function relatives(type: ObjectType | InterfaceType): (ObjectType | InterfaceType)[] {
  const implementing = isInterfaceType(type) ? type.allImplementations() : [];
  return [type, ...type.interfaces(), ...implementing];
}
