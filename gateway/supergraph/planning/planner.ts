import type { Operation, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { callersFault } from '../../../shared/errors/callers-fault.js';
import { EntityKeys } from './entity-keys.js';
import { uncoveredField } from './plan-coverage.js';

const NO_KEY =
  'an object of it is known to the subgraph that has the rest by no key that is resolvable there';

/**
 * Plans operations, and refuses those for which there is no right plan. Composition accepts supergraphs in which an operation
 * can be written that no subgraph can answer; the planner then fails, or gives a plan that leaves a field out or asks a
 * subgraph by a key that it does not resolve. The caller would be given null, or another object's data, without a word.
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
      const place = path.join('.');
      throw this.#unanswerable(`no subgraph that has ${place} can be asked for it from there`);
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

  /** The cause may name what clients do not see, so it goes to the log alone. */
  #unanswerable(reason: string, cause?: unknown): GraphQLError {
    this.#log?.warn({ reason, cause }, 'an operation has no right plan and is refused');
    return callersFault(
      'BAD_USER_INPUT',
      `The subgraphs cannot answer this operation: ${reason}. Nothing was asked. Select something else there, or have the schemas of the subgraphs changed.`,
    );
  }
}
