import { operationFromDocument, type Operation } from '@apollo/federation-internals';
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SupergraphState } from '../supergraph/supergraph-state.js';
import { NotCovered } from './fetching/coverage.js';
import { planStep } from './fetching/plan-steps.js';
import type { Execution, PlannedOperation } from './planned-operation.js';
import type { Json, Run, Step } from './fetching/run.js';
import { conditionVariables, type Conditions } from './shaping/conditions.js';
import { ResultShape } from './shaping/result-shape.js';
import { shaped } from './shaping/shaping.js';
import { StockPlan } from './stock-plan.js';

/** So many combinations of conditions of one operation are remembered. */
const MOST_SHAPES = 16;

/** A planned operation, made ready once to run often. */
export class ExecutablePlan {
  readonly #planned: PlannedOperation;
  readonly #stock: StockPlan;
  readonly #own: OwnPlan | undefined;

  constructor(supergraph: SupergraphState, planned: PlannedOperation) {
    this.#planned = planned;
    this.#stock = new StockPlan(supergraph, planned);
    this.#own = ownPlan(supergraph, planned);
  }

  /** Whether the gateway's own executor answers it, and not the stock one. */
  get isOwn(): boolean {
    return this.#own !== undefined;
  }

  async execute(execution: Execution): Promise<ExecutionResult> {
    const conditions = this.#own && conditionsOf(this.#own, execution.variables);
    if (!this.#own || !conditions) return this.#stock.execute(execution);
    return runOwn(this.#own, conditions, this.#planned.answeredByEvent, execution);
  }
}

interface OwnPlan {
  step: Step | undefined;
  operation: Operation;
  /** Variables that decide conditions, and what they are when the client leaves them out. */
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
    return { step, operation, conditions, shapes: new LRUCache({ max: MOST_SHAPES }) };
  } catch (error) {
    if (error instanceof NotCovered) return undefined;
    throw error;
  }
}

/** Undefined where one is neither true nor false. */
function conditionsOf({ conditions }: OwnPlan, variables: Json): Conditions | undefined {
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
  const data: Json = {};
  const known = fetch && event && { fetch, answer: event };
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
    // A subgraph broke its own schema, in a way that leaves nothing to be shaped.
    if (error instanceof GraphQLError) return { errors: [error] };
    return {
      errors: [new GraphQLError((error as Error).message, { originalError: error as Error })],
    };
  }
}
