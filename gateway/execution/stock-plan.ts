import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { ExecutionResult } from 'graphql';
import type { SupergraphState } from '../supergraph/index.js';
import type { Execution, PlannedOperation } from './planned-operation.js';

type StockRequest = Parameters<typeof executeQueryPlan>[2];

/** Executes a planned operation with the gateway package's own executor. */
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

  /** An event is the response to its own fetch. */
  #sources({ sources, event }: Execution) {
    const { eventFetch } = this.#planned;
    if (!eventFetch || !event) return sources;
    const { serviceName, operation } = eventFetch;
    const owner = sources[serviceName];
    if (!owner) throw new Error(`there is no data source for ${serviceName}`);
    const source: GraphQLDataSource = {
      process: (request) =>
        request.request.query === operation
          ? Promise.resolve(event as never)
          : owner.process(request),
    };
    return { ...sources, [serviceName]: source };
  }
}
