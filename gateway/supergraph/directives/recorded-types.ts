import { isObjectType, type Schema } from '@apollo/federation-internals';
import { parse, TypeInfo, visit, visitWithTypeInfo, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

const MOST_REMEMBERED = 2_000;

/**
 * The types of which a read is recorded, as subgraphs say with `@recorded(by:)`, and the operation that stores the records.
 * Found by what is sent, because the planner asks for more than is selected.
 */
export class RecordedTypes {
  /** The operation by the name of the type. */
  readonly #operations: ReadonlyMap<string, string>;
  readonly #schema: GraphQLSchema;
  readonly #known = new LRUCache<string, { operation: string | undefined }>({
    max: MOST_REMEMBERED,
  });

  /** Throws when a directive names no field that stores records. */
  constructor(supergraph: Schema, schema: GraphQLSchema) {
    this.#operations = new Map(recordedTypes(supergraph, schema));
    this.#schema = schema;
  }

  /** The operation by which the subgraph of this text stores who reads it; undefined when it asks for no recorded type. */
  recordedBy(query: string): string | undefined {
    if (this.#operations.size === 0) return undefined;
    let known = this.#known.get(query);
    if (!known) this.#known.set(query, (known = { operation: this.#find(query) }));
    return known.operation;
  }

  #find(query: string): string | undefined {
    const types = new TypeInfo(this.#schema);
    let operation: string | undefined;
    visit(
      parse(query, { noLocation: true }),
      visitWithTypeInfo(types, {
        Field: ({ name }) => {
          if (name.value === '__typename') return;
          operation ??= this.#operations.get(types.getParentType()?.name ?? '');
        },
      }),
    );
    return operation;
  }
}

/** Behind an interface may be any of its types, so reading one that is recorded there is recorded too. */
function* recordedTypes(supergraph: Schema, schema: GraphQLSchema): Generator<[string, string]> {
  for (const type of supergraph.types()) {
    if (!isObjectType(type)) continue;
    const [directive] = type.appliedDirectivesOf('recorded');
    if (!directive) continue;
    const { by } = directive.arguments() as { by: string };
    const reads = schema
      .getMutationType()
      ?.getFields()
      [by]?.args.find(({ name }) => name === 'reads');
    if (!reads)
      throw new Error(`${type.name} is recorded by ${by}, which is no mutation with reads`);
    const operation = `mutation RecordReads($reads: ${String(reads.type)}) { ${by}(reads: $reads) }`;
    for (const { name } of [type, ...type.interfaces()]) yield [name, operation];
  }
}
