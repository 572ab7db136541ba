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

/** What a supergraph says about costs, by coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Input.field`. */
export interface PriceList {
  weights: ReadonlyMap<string, number>;
  listSizes: ReadonlyMap<string, ListSize>;
}

const COST_SPECIFICATION = 'https://specs.apollo.dev/cost';

/** Composition keeps both directives, under the name that the subgraphs gave them. */
export function priceList(supergraph: Schema): PriceList {
  const feature = supergraph.coreFeatures?.getByIdentity(COST_SPECIFICATION);
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  if (!feature) return { weights, listSizes };
  const cost = feature.directiveNameInSchema('cost');
  const listSize = feature.directiveNameInSchema('listSize');

  const read = (element: Priced) => {
    const [weight] = element.appliedDirectivesOf(cost);
    if (weight) weights.set(element.coordinate, Number(weight.arguments()['weight']));
    const [size] = element.appliedDirectivesOf(listSize);
    if (size) listSizes.set(element.coordinate, withoutNulls(size.arguments()));
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
  return { weights, listSizes };
}

interface Priced {
  coordinate: string;
  appliedDirectivesOf(name: string): { arguments(): Record<string, unknown> }[];
}

function withoutNulls(values: Record<string, unknown>): ListSize {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}
