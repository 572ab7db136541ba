import {
  isInputObjectType,
  isObjectType,
  isInterfaceType,
  type Schema,
} from '@apollo/federation-internals';

/** `@listSize` as the federation specification has it. */
export interface ListSize {
  assumedSize?: number;
  slicingArguments?: string[];
  sizedFields?: string[];
  requireOneSlicingArgument?: boolean;
}

/** `@listSizeBy`: the size of a list by the value of one of its enum arguments. */
export interface ListSizeBy {
  argument: string;
  sizes: ReadonlyMap<unknown, number>;
}

/** The costs in a supergraph, by coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Input.field`. */
export interface PriceList {
  weights: ReadonlyMap<string, number>;
  listSizes: ReadonlyMap<string, ListSize>;
  listSizesBy: ReadonlyMap<string, ListSizeBy>;
}

/** A directive of this hub, which composition never renames. */
const LIST_SIZE_BY = 'listSizeBy';
const COST_SPECIFICATION = 'https://specs.apollo.dev/cost';

/** Composition keeps the directives of the specification under the name that the subgraphs gave them. */
export function priceList(supergraph: Schema): PriceList {
  const feature = supergraph.coreFeatures?.getByIdentity(COST_SPECIFICATION);
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const listSizesBy = new Map<string, ListSizeBy>();
  const cost = feature?.directiveNameInSchema('cost');
  const listSize = feature?.directiveNameInSchema('listSize');

  const read = (element: PricedElement) => {
    const { coordinate } = element;
    const [weight] = cost ? element.appliedDirectivesOf(cost) : [];
    if (weight) weights.set(coordinate, Number(weight.arguments()['weight']));
    const [size] = listSize ? element.appliedDirectivesOf(listSize) : [];
    if (size) listSizes.set(coordinate, withoutNulls(size.arguments()));
    const [by] = element.appliedDirectivesOf(LIST_SIZE_BY);
    if (by) listSizesBy.set(coordinate, sizesByValue(by.arguments()));
  };
  for (const type of supergraph.types()) {
    read(type);
    if (isInputObjectType(type)) for (const field of type.fields()) read(field);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of type.fields()) {
      read(field);
      for (const argument of field.arguments()) read(argument);
    }
  }
  return { weights, listSizes, listSizesBy };
}

interface PricedElement {
  coordinate: string;
  appliedDirectivesOf(name: string): { arguments(): Record<string, unknown> }[];
}

function withoutNulls(values: Record<string, unknown>): ListSize {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}

function sizesByValue(given: Record<string, unknown>): ListSizeBy {
  const { argument, values, sizes } = given as {
    argument: string;
    values: string[];
    sizes: number[];
  };
  return { argument, sizes: new Map(values.map((value, index) => [value, sizes[index] ?? 0])) };
}
