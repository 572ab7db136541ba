import { createHash } from 'node:crypto';
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  Kind,
  parse,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type {
  FetchSource,
  SubgraphRequest,
  SubgraphResponse,
} from '../../core/subgraph-request.js';

export interface Whims {
  seed: number;
  /** Percentage of values that are null, or failed with an error, though the schema may allow neither. */
  failing: number;
  /** Percentage of values that no subgraph should send. */
  broken: number;
}

interface ReceivedRequest {
  query: string;
  variables: { representations?: { __typename: string }[] };
}
type Path = (string | number)[];

/**
 * A subgraph that responds at random: always the same for the same object, whether the object is requested once or several
 * times in one request.
 */
export class MadeUpSubgraph implements FetchSource {
  readonly requests: ReceivedRequest[] = [];
  readonly #schema: GraphQLSchema;
  readonly #name: string;
  readonly #whims: Whims;

  constructor(name: string, schema: GraphQLSchema, whims: Whims) {
    this.#name = name;
    this.#schema = schema;
    this.#whims = whims;
  }

  async process({ request: { query, variables } }: Parameters<FetchSource['process']>[0]) {
    return (await this.#respond({ query: query!, variables: variables ?? {} })) as never;
  }

  async fetch({ body }: SubgraphRequest) {
    return this.#respond(JSON.parse(body) as ReceivedRequest);
  }

  async #respond(requests: ReceivedRequest): Promise<SubgraphResponse> {
    this.requests.push(requests);
    const { query, variables } = requests;
    const { failing } = this.#whims;
    if (this.#draw(query, 'unavailable') % 100 < failing / 4)
      throw new Error(`${this.#name} is unavailable`);
    const fiction = new Fiction(this.#schema, query, failing, this.#whims.broken, (...of) =>
      this.#draw(query, ...of),
    );
    const data = fiction.respond(variables.representations);
    const { errors } = fiction;
    // As it would come: without anything that JSON does not know.
    return JSON.parse(JSON.stringify(errors.length > 0 ? { data, errors } : { data }));
  }

  #draw(...of: unknown[]): number {
    const text = JSON.stringify([this.#whims.seed, this.#name, ...of]);
    return createHash('md5').update(text).digest().readUInt32LE();
  }
}

class Fiction {
  readonly errors: { message: string; path: Path; extensions?: object }[] = [];
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #failing: number;
  readonly #broken: number;
  readonly #draw: (...of: unknown[]) => number;
  #root: { kind: OperationTypeNode; selections: SelectionSetNode } | undefined;

  constructor(
    schema: GraphQLSchema,
    query: string,
    failing: number,
    broken: number,
    draw: (...of: unknown[]) => number,
  ) {
    this.#schema = schema;
    this.#failing = failing;
    this.#broken = broken;
    this.#draw = draw;
    for (const definition of parse(query).definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      } else if (definition.kind === Kind.OPERATION_DEFINITION) {
        const { operation, selectionSet } = definition;
        this.#root = { kind: operation, selections: selectionSet };
      }
    }
  }

  respond(representations: { __typename: string }[] | undefined): unknown {
    if (!this.#root) throw new Error('expected an operation');
    const { kind, selections } = this.#root;
    if (!representations) {
      const root = this.#schema.getRootType(kind)!;
      return this.#object(root.name, [selections], [], 'root', false);
    }
    const [entities] = selections.selections;
    if (entities?.kind !== Kind.FIELD) throw new Error('expected a request for entities');
    const given = representations.map((representation, index) => {
      const identity = JSON.stringify(representation);
      if (this.#fails(['_entities', index], identity, [])) return null;
      const { __typename } = representation;
      return this.#object(
        __typename,
        [entities.selectionSet!],
        ['_entities', index],
        identity,
        true,
      );
    });
    return { _entities: given };
  }

  #object(
    typename: string,
    selectionSets: readonly SelectionSetNode[],
    path: Path,
    identity: string,
    isEntity: boolean,
  ): unknown {
    const fields = new Map<string, { name: string; below: SelectionSetNode[] }>();
    for (const { selections } of selectionSets) this.#collect(typename, selections, fields);
    const result: Record<string, unknown> = {};
    for (const [key, { name, below }] of fields) {
      if (name === '__typename') {
        result[key] = this.#isBroken(path, identity, key) ? 'Nonsense' : typename;
        continue;
      }
      const type = this.#schema.getType(typename);
      if (!type || !('getFields' in type)) continue;
      const field = type.getFields()[name];
      if (!field) continue;
      const value = this.#value(
        field.type as GraphQLOutputType,
        below,
        [...path, key],
        identity,
        isEntity,
      );
      if (value !== undefined) result[key] = value;
    }
    return result;
  }

  #collect(
    typename: string,
    selections: SelectionSetNode['selections'],
    fields: Map<string, { name: string; below: SelectionSetNode[] }>,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const field = fields.get(key) ?? { name: selection.name.value, below: [] };
        if (selection.selectionSet) field.below.push(selection.selectionSet);
        fields.set(key, field);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.#fragments.get(selection.name.value)!;
      const condition = fragment.typeCondition?.name.value ?? typename;
      if (this.#isOf(typename, condition)) {
        this.#collect(typename, fragment.selectionSet.selections, fields);
      }
    }
  }

  #isOf(typename: string, condition: string): boolean {
    if (typename === condition) return true;
    const [type, other] = [this.#schema.getType(typename), this.#schema.getType(condition)];
    return isAbstractType(other) && this.#schema.isSubType(other, type as never);
  }

  #value(
    type: GraphQLOutputType,
    below: readonly SelectionSetNode[],
    path: Path,
    identity: string,
    isEntity: boolean,
  ): unknown {
    const own = isEntity ? path.slice(2) : path;
    if (this.#fails(path, identity, own)) return null;
    if (this.#isBroken(path, identity, '')) return this.#nonsense(identity, own);
    const draw = this.#draw(identity, own, 'value');
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      return Array.from({ length: draw % 4 }, (_, index) =>
        this.#value(nullable.ofType, below, [...path, index], identity, isEntity),
      );
    }
    const named = getNamedType(nullable);
    if (isCompositeType(named)) {
      const possible = isAbstractType(named) ? this.#schema.getPossibleTypes(named) : [named];
      const { name } = possible[draw % possible.length]!;
      return this.#object(name, below, path, identity, isEntity);
    }
    if (isEnumType(named)) return named.getValues()[draw % named.getValues().length]!.name;
    switch (named.name) {
      case 'Boolean':
        return draw % 2 === 0;
      case 'Int':
        return draw % 5;
      case 'Float':
        return (draw % 50) / 4;
      case 'ID':
        // Few, so that the same object is met again.
        return String(draw % 3);
      case 'String':
        return `${own.join('.')} "${draw % 10}"`;
      default:
        return { any: [draw % 3, { thing: null }] };
    }
  }

  /** Null, with an error or, where the schema allows it and sometimes where it does not, without. */
  #fails(path: Path, identity: string, own: Path): boolean {
    if (this.#draw(identity, own, 'fails') % 100 >= this.#failing) return false;
    const kind = this.#draw(identity, own, 'how') % 4;
    if (kind === 0) return true;
    const code = ['FORBIDDEN', 'SERVICE_UNAVAILABLE', 'INVALID_GRAPHQL'][kind - 1]!;
    const message = `failed: ${identity} ${own.join('.')}`;
    this.errors.push({ message, path, ...(kind === 1 ? {} : { extensions: { code } }) });
    return true;
  }

  #isBroken(path: Path, identity: string, key: string): boolean {
    const own = path[0] === '_entities' ? path.slice(2) : path;
    return this.#draw(identity, own, key, 'broken') % 1_000 < this.#broken * 10;
  }

  #nonsense(identity: string, own: Path): unknown {
    const kinds = [
      undefined,
      null,
      'text',
      1.5,
      true,
      1e30,
      {},
      { __typename: 'Nonsense' },
      [],
      [null],
    ];
    return kinds[this.#draw(identity, own, 'nonsense') % kinds.length];
  }
}
