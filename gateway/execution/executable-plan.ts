import { operationFromDocument, type Operation } from '@apollo/federation-internals';
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SupergraphState } from '../supergraph/index.js';
import {
  UnsupportedPlan,
  planStep,
  type JsonObject,
  type Run,
  type FetchStep,
} from './fetching/index.js';
import type { Execution, PlannedOperation } from './planned-operation.js';
import { conditionVariables, type Conditions, ResultShape, shaped } from './shaping/index.js';
import { StockPlan } from './stock-plan.js';

/** Combinations of conditions of one operation whose shapes are cached. */
const MAX_SHAPES = 16;

/** A planned operation, compiled once to run often. */
export class ExecutablePlan {
  readonly #planned: PlannedOperation;
  readonly #stock: StockPlan;
  readonly #own: OwnPlan | undefined;

  constructor(supergraph: SupergraphState, planned: PlannedOperation) {
    this.#planned = planned;
    this.#stock = new StockPlan(supergraph, planned);
    this.#own = ownPlan(supergraph, planned);
  }

  /** Whether the gateway's own executor runs it, and not the stock one. */
  get isOwn(): boolean {
    return this.#own !== undefined;
  }

  async execute(execution: Execution): Promise<ExecutionResult> {
    const conditions = this.#own && conditionsOf(this.#own, execution.variables);
    if (!this.#own || !conditions) return this.#stock.execute(execution);
    return runOwn(this.#own, conditions, this.#planned.eventFetch, execution);
  }
}

interface OwnPlan {
  step: FetchStep | undefined;
  operation: Operation;
  /** Variables on which conditions depend, and their defaults. */
  conditions: readonly { name: string; byDefault: unknown }[];
  shapes: LRUCache<string, ResultShape>;
}

function ownPlan(
  { apiSchema, supergraphSchema }: SupergraphState,
  { plan, document, operationName }: PlannedOperation,
): OwnPlan | undefined {
  const named = operationName ? { operationName } : {};
  const operation = operationFromDocument(apiSchema, document, { ...named, validate: false });
  const { variableDefinitions } = operation;
  try {
    const conditions = conditionVariables(operation).map((name) => ({
      name,
      byDefault: variableDefinitions.definition(name)?.defaultValue as unknown,
    }));
    const node = plan.node as PlanNode | undefined;
    const step = node && planStep(node, { supergraphSchema, variableDefinitions });
    return { step, operation, conditions, shapes: new LRUCache({ max: MAX_SHAPES }) };
  } catch (error) {
    if (error instanceof UnsupportedPlan) return undefined;
    throw error;
  }
}

/** Returns undefined where a condition is neither true nor false. */
function conditionsOf({ conditions }: OwnPlan, variables: JsonObject): Conditions | undefined {
  const values: Record<string, boolean> = {};
  for (const { name, byDefault } of conditions) {
    const value = Object.hasOwn(variables, name) ? variables[name] : byDefault;
    if (typeof value !== 'boolean') return undefined;
    values[name] = value;
  }
  return values;
}

async function runOwn(
  { step, operation, shapes }: OwnPlan,
  conditions: Conditions,
  fetch: FetchNode | undefined,
  { variables, context, sources, event }: Execution,
): Promise<ExecutionResult> {
  const data: JsonObject = {};
  const known = fetch && event && { fetch, response: event };
  const run: Run = { variables, context, sources, known, data, errors: [] };
  await step?.(run, { entities: [data], path: [] });
  const key = JSON.stringify(Object.values(conditions));
  let shape = shapes.get(key);
  if (!shape) shapes.set(key, (shape = new ResultShape(operation, conditions)));
  try {
    const result = shaped(shape, data);
    if (run.errors.length > 0) return { errors: run.errors, data: result.data };
    if (result.errors.length === 0) return { data: result.data };
    return { extensions: { valueCompletion: result.errors }, data: result.data };
  } catch (error) {
    // A subgraph violated its own schema so that no result can be shaped.
    if (error instanceof GraphQLError) return { errors: [error] };
    return {
      errors: [new GraphQLError((error as Error).message, { originalError: error as Error })],
    };
  }
}
