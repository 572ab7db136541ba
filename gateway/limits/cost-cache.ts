import { OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { costOf, type Priceable } from './cost.js';
import type { Limits } from './limits.js';
import type { PriceList } from '../supergraph/directives/price-list.js';

type Variables = Record<string, unknown>;

/** Of one operation, for so many combinations of variables. */
const MOST_KNOWN = 64;
/** Of their values, as JSON: long ones hardly come again, and would fill the memory. */
const LONGEST_VALUES = 200;

/** What one operation costs, by those of its variables that were ever looked at to find out. */
interface Costs {
  variables: ReadonlySet<string>;
  known: Map<string, number>;
}

/**
 * Remembers costs. An operation is asked again and again, and what it costs depends on few of its variables, mostly on none:
 * the same values of those that are looked at lead to the same sum. Not of mutations: what they are given comes once, and
 * is not for us to keep.
 */
export class KnownCosts {
  readonly #limits: Limits;
  readonly #costs = new WeakMap<PriceList, WeakMap<OperationDefinitionNode, Costs>>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** As `costOf`. */
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

    const watched = watchedReads(variables);
    const cost = count(watched.variables);
    const reads = new Set([...(before?.variables ?? []), ...watched.reads]);
    const isOutdated =
      !before || before.variables.size < reads.size || before.known.size >= MOST_KNOWN;
    const after = isOutdated ? { variables: reads, known: new Map<string, number>() } : before;
    costs.set(operation, after);
    const values = valuesOf(reads, variables);
    if (values.length <= LONGEST_VALUES) after.known.set(values, cost);
    return cost;
  }
}

/** Null and nothing at all are different values. */
function valuesOf(names: ReadonlySet<string>, variables: Variables): string {
  if (names.size === 0) return '';
  return JSON.stringify(
    [...names].map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])),
  );
}

function watchedReads(variables: Variables) {
  const reads = new Set<string>();
  const read = (name: string | symbol) => {
    if (typeof name === 'string') reads.add(name);
  };
  const watched = new Proxy(variables, {
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
  return { variables: watched, reads };
}
