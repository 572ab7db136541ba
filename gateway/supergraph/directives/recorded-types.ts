import { isObjectType, type Schema } from '@apollo/federation-internals';
import { parse, TypeInfo, visit, visitWithTypeInfo, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

const MAX_REMEMBERED = 2_000;

/**
 * The types whose reads are recorded (`@recorded(by:)`), and the mutation that records them. Judged by the queries that are
 * sent, because the planner fetches more than the client selects.
 */
export class RecordedTypes {
  /** The operation by the name of the type. */
  readonly #operations: ReadonlyMap<string, string>;
  readonly #schema: GraphQLSchema;
  readonly #known = new LRUCache<string, { operation: string | undefined }>({
    max: MAX_REMEMBERED,
  });

  /** Throws when a directive names no mutation that records reads. */
  constructor(supergraph: Schema, schema: GraphQLSchema) {
    this.#operations = new Map(recordedTypes(supergraph, schema));
    this.#schema = schema;
  }

  /** Returns the mutation by which the subgraph records who reads this query; undefined when it selects no recorded type. */
  recordOperationFor(query: string): string | undefined {
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

/** An interface may return any implementing type, so its reads are recorded where those of one type are. */
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
