import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { ExecutionResult } from 'graphql';
import type { SupergraphState } from '../supergraph/supergraph-state.js';
import type { Execution, PlannedOperation } from './planned-operation.js';

type StockRequest = Parameters<typeof executeQueryPlan>[2];

/** The same by the gateway packages' own means. */
export class StockPlan {
  readonly #supergraph: SupergraphState;
  readonly #planned: PlannedOperation;
  #shape: ReturnType<typeof buildOperationContext> | undefined;

  constructor(supergraph: SupergraphState, planned: PlannedOperation) {
    this.#supergraph = supergraph;
    this.#planned = planned;
  }

  async execute(execution: Execution): Promise<ExecutionResult> {
    const { schema, supergraphSchema, apiSchema } = this.#supergraph;
    const { plan, document, operationName } = this.#planned;
    this.#shape ??= buildOperationContext({
      schema,
      operationDocument: document,
      ...(operationName ? { operationName } : {}),
    });
    const { variables, context, log } = execution;
    const requestContext = {
      request: { variables, ...(operationName ? { operationName } : {}) },
      context,
      schema,
      logger: log,
      metrics: {},
    };
    return executeQueryPlan(
      plan,
      this.#sources(execution),
      requestContext as unknown as StockRequest,
      this.#shape,
      supergraphSchema,
      apiSchema,
    );
  }

  /** An event answers the question it came from. */
  #sources({ sources, event }: Execution) {
    const { answeredByEvent } = this.#planned;
    if (!answeredByEvent || !event) return sources;
    const { serviceName, operation } = answeredByEvent;
    const owner = sources[serviceName];
    if (!owner) throw new Error(`there is no data source for ${serviceName}`);
    const source: GraphQLDataSource = {
      process: (question) =>
        question.request.query === operation
          ? Promise.resolve(event as never)
          : owner.process(question),
    };
    return { ...sources, [serviceName]: source };
  }
}
