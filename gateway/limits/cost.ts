import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { listSizeOf } from './list-size.js';
import type { Limits } from './limits.js';
import type { PriceList } from '../supergraph/index.js';

type Variables = Record<string, unknown>;

export interface Priceable {
  schema: GraphQLSchema;
  prices: PriceList;
}

/** A mutation locks, writes and publishes events. */
const MUTATION = 10;
const OBJECT = 1;
/** The whole schema takes the gateway some 30 ms, longer than anything else it does by itself. */
export const INTROSPECTION = 20_000;
const INTROSPECTION_OF_A_TYPE = 1_000;

/**
 * Computes the cost of an operation before it runs, from its text and the coerced variables, after the specification of `@cost`
 * and `@listSize`: an object 1, a scalar 0, unless weighted; a list times its largest length; an input object 1. Adds types that
 * exclude each other, so that the cost is never too low. Throws LimitError for a page that is too large.
 */
export function costOf(
  { schema, prices }: Priceable,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): number {
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  const own = operation.operation === 'mutation' ? MUTATION : 0;
  const bill = new Bill({ schema, prices }, document, variables, limits);
  return own + bill.ofSelections(root, operation.selectionSet, undefined);
}

/** The list fields of a page, whose length an argument of the parent field determines. */
interface SizedFields {
  names: readonly string[];
  size: number;
}

class Bill {
  readonly #of: Priceable;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #variables: Variables;
  readonly #limits: Limits;

  constructor(of: Priceable, { definitions }: DocumentNode, variables: Variables, limits: Limits) {
    this.#of = of;
    this.#variables = variables;
    this.#limits = limits;
    for (const definition of definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  ofSelections(
    parent: GraphQLNamedType,
    { selections }: SelectionSetNode,
    sized: SizedFields | undefined,
  ): number {
    return selections.reduce((sum, selection) => {
      return this.#isLeftOut(selection) ? sum : sum + this.#ofSelection(parent, selection, sized);
    }, 0);
  }

  #ofSelection(
    parent: GraphQLNamedType,
    selection: SelectionNode,
    sized: SizedFields | undefined,
  ): number {
    if (selection.kind === Kind.FIELD) return this.#ofField(parent, selection, sized);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : this.#fragments.get(selection.name.value);
    if (!fragment) return 0;
    const { typeCondition } = fragment;
    const type = typeCondition && typeFromAST(this.#of.schema, typeCondition);
    return this.ofSelections(type ?? parent, fragment.selectionSet, sized);
  }

  #ofField(parent: GraphQLNamedType, node: FieldNode, sized: SizedFields | undefined): number {
    const name = node.name.value;
    if (name === '__schema') return INTROSPECTION;
    if (name === '__type') return INTROSPECTION_OF_A_TYPE;
    const field =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!field) return 0; // __typename
    const coordinate = `${parent.name}.${name}`;
    const given = this.#isPricedByArguments(coordinate, field)
      ? this.#argumentsOf(field, node)
      : {};
    const { own, inner } = listSizeOf(coordinate, this.#of.prices, given, this.#limits);
    const times = sized?.names.includes(name) ? sized.size : isList(field.type) ? own : 1;
    const type = getNamedType(field.type);
    const each = this.#weightOf(coordinate, type);
    const below =
      node.selectionSet && isCompositeType(type)
        ? this.ofSelections(type, node.selectionSet, inner)
        : 0;
    return this.#ofArguments(coordinate, field, given) + times * (each + below);
  }

  /** Most fields are not priced by arguments, and reading arguments takes longer than everything else here. */
  #isPricedByArguments(coordinate: string, field: GraphQLField<unknown, unknown>): boolean {
    if (field.args.length === 0) return false;
    const { listSizes, listSizesBy, weights } = this.#of.prices;
    if (listSizes.get(coordinate)?.slicingArguments?.length) return true;
    if (listSizesBy.has(coordinate)) return true;
    return field.args.some(({ name, type }) => {
      const named = getNamedType(type);
      if (isInputObjectType(named) || weights.has(named.name)) return true;
      return weights.has(`${coordinate}(${name}:)`);
    });
  }

  /** Arguments that cannot be read fail the field when it runs, so they cost nothing. */
  #argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Variables {
    try {
      return getArgumentValues(field, node, this.#variables);
    } catch {
      return {};
    }
  }

  #weightOf(coordinate: string, type: GraphQLNamedType): number {
    const { weights } = this.#of.prices;
    return (
      weights.get(coordinate) ?? weights.get(type.name) ?? (isCompositeType(type) ? OBJECT : 0)
    );
  }

  #ofArguments(
    coordinate: string,
    { args }: GraphQLField<unknown, unknown>,
    given: Variables,
  ): number {
    return args.reduce((sum, { name, type }) => {
      if (given[name] == null) return sum;
      return sum + this.#ofInput(`${coordinate}(${name}:)`, type, given[name]);
    }, 0);
  }

  #ofInput(coordinate: string, type: GraphQLInputType, value: unknown): number {
    if (value == null) return 0;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const items: unknown[] = Array.isArray(value) ? value : [value];
      return items.reduce<number>(
        (sum, item) => sum + this.#ofInput(coordinate, nullable.ofType, item),
        0,
      );
    }
    const { weights } = this.#of.prices;
    const named = getNamedType(nullable);
    const isObject = isInputObjectType(named);
    const own = weights.get(coordinate) ?? weights.get(named.name) ?? (isObject ? OBJECT : 0);
    if (!isObject) return own;
    let sum = own;
    for (const { name, coordinate: inner, type: of } of pricedFields(named, this.#of.prices)) {
      sum += this.#ofInput(inner, of, (value as Variables)[name]);
    }
    return sum;
  }

  #isLeftOut(selection: SelectionNode): boolean {
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, this.#variables);
    if (skip?.['if'] === true) return true;
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, this.#variables);
    return include?.['if'] === false;
  }
}

/** A field of an input type that may cost something. */
interface PricedField {
  name: string;
  coordinate: string;
  type: GraphQLInputType;
}

const pricedFieldsOf = new WeakMap<PriceList, Map<GraphQLInputObjectType, PricedField[]>>();

/** Returns the fields of an input type that may cost something, worked out once: a bulk has thousands of inputs of one type. */
function pricedFields(type: GraphQLInputObjectType, prices: PriceList): PricedField[] {
  const byType = pricedFieldsOf.get(prices) ?? new Map<GraphQLInputObjectType, PricedField[]>();
  pricedFieldsOf.set(prices, byType);
  let fields = byType.get(type);
  if (!fields) {
    fields = Object.values(type.getFields())
      .map((field) => ({ ...field, coordinate: `${type.name}.${field.name}` }))
      .filter(({ coordinate, type: of }) => {
        const named = getNamedType(of);
        const { weights } = prices;
        return isInputObjectType(named) || weights.has(coordinate) || weights.has(named.name);
      });
    byType.set(type, fields);
  }
  return fields;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}
