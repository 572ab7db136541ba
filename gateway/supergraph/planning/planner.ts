import type { Operation, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { callersFault } from '../../../shared/errors/index.js';
import { EntityKeys } from './entity-keys.js';
import { uncoveredField } from './plan-coverage.js';

const NO_KEY =
  'an object of it is known to the subgraph that has the rest by no key that is resolvable there';

/**
 * Plans operations, and refuses those that have no correct plan. Composition accepts supergraphs in which a client can write an
 * operation that no subgraph can answer; the planner then fails, or its plan omits a field or uses a key that the subgraph does
 * not resolve. The caller would get null, or another object's data, without an error.
 */
export class Planner {
  readonly #planner: QueryPlanner;
  readonly #keys: EntityKeys;
  readonly #log: Logger | undefined;

  constructor(supergraph: Supergraph, log?: Logger) {
    this.#log = log;
    this.#planner = new QueryPlanner(supergraph);
    this.#keys = new EntityKeys(supergraph.subgraphs());
  }

  /** Throws BAD_USER_INPUT when the subgraphs cannot answer the operation. */
  buildQueryPlan(operation: Operation): QueryPlan {
    const plan = this.#plan(operation);
    const path = uncoveredField(operation, plan);
    if (path) {
      const field = path.join('.');
      throw this.#unanswerable(`no subgraph that has ${field} can be reached for it from there`);
    }
    const misused = this.#keys.misused(plan);
    if (misused !== undefined) throw this.#unanswerable(NO_KEY, misused);
    return plan;
  }

  #plan(operation: Operation): QueryPlan {
    try {
      return this.#planner.buildQueryPlan(operation);
    } catch (error) {
      throw this.#unanswerable(NO_KEY, error);
    }
  }

  /** The cause may name parts of the schema that clients do not see, so only the log has it. */
  #unanswerable(reason: string, cause?: unknown): GraphQLError {
    this.#log?.warn({ reason, cause }, 'an operation has no correct plan and is refused');
    return callersFault(
      'BAD_USER_INPUT',
      `The subgraphs cannot answer this operation: ${reason}. Nothing was fetched. Select something else there, or have the schemas of the subgraphs changed.`,
    );
  }
}
