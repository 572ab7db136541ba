import { OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { costOf, type Priceable } from './cost.js';
import type { Limits } from './limits.js';
import type { PriceList } from '../supergraph/index.js';

type Variables = Record<string, unknown>;

/** Combinations of variables per operation. */
const MAX_KNOWN = 64;
/** Characters of the values, as JSON: long values hardly recur, and would fill the memory. */
const LONGEST_VALUES = 200;

/** Costs of one operation, by the values of those variables on which its cost depends. */
interface Costs {
  variables: ReadonlySet<string>;
  known: Map<string, number>;
}

/**
 * Caches costs. An operation is repeated often, and its cost depends on few of its variables, mostly on none: the same values of
 * the variables that the computation reads give the same cost. Mutations are not cached: their input hardly recurs, and is not
 * for the gateway to keep.
 */
export class CostCache {
  readonly #limits: Limits;
  readonly #costs = new WeakMap<PriceList, WeakMap<OperationDefinitionNode, Costs>>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Returns the cost as `costOf` does. Throws LimitError for a page that is too large. */
  of(
    priceable: Priceable,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables,
  ): number {
    const count = (values: Variables) =>
      costOf(priceable, document, operation, values, this.#limits);
    if (operation.operation === OperationTypeNode.MUTATION) return count(variables);

    const costs =
      this.#costs.get(priceable.prices) ?? new WeakMap<OperationDefinitionNode, Costs>();
    this.#costs.set(priceable.prices, costs);
    const before = costs.get(operation);
    const known = before?.known.get(valuesOf(before.variables, variables));
    if (known !== undefined) return known;

    const tracked = trackedReads(variables);
    const cost = count(tracked.variables);
    const reads = new Set([...(before?.variables ?? []), ...tracked.reads]);
    const isOutdated =
      !before || before.variables.size < reads.size || before.known.size >= MAX_KNOWN;
    const after = isOutdated ? { variables: reads, known: new Map<string, number>() } : before;
    costs.set(operation, after);
    const values = valuesOf(reads, variables);
    if (values.length <= LONGEST_VALUES) after.known.set(values, cost);
    return cost;
  }
}

/** A null and an omitted variable are different values. */
function valuesOf(names: ReadonlySet<string>, variables: Variables): string {
  if (names.size === 0) return '';
  return JSON.stringify(
    [...names].map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])),
  );
}

function trackedReads(variables: Variables) {
  const reads = new Set<string>();
  const read = (name: string | symbol) => {
    if (typeof name === 'string') reads.add(name);
  };
  const tracked = new Proxy(variables, {
    get(target, name) {
      read(name);
      return Reflect.get(target, name) as unknown;
    },
    has(target, name) {
      read(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name) {
      read(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
  return { variables: tracked, reads };
}
