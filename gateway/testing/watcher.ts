import type { Client } from 'graphql-ws';
import type { GraphQLResponse } from '../../shared/testing/graphql-response.js';
import { until } from './until.js';

interface Operation {
  query: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

type GraphQLErrors = NonNullable<GraphQLResponse['errors']>;

/** A client's subscription and all its results. */
export class Watcher {
  readonly results: GraphQLResponse[] = [];
  /** Set when it ends: the errors, the close event, or `complete`. */
  end: unknown;
  readonly leave: () => void;

  constructor(client: Client, { variables = {}, ...operation }: Operation) {
    this.leave = client.subscribe(
      { ...operation, variables },
      {
        next: (result) => void this.results.push(result as GraphQLResponse),
        error: (error) => (this.end = error),
        complete: () => (this.end ??= 'complete'),
      },
    );
  }

  /** The values of one field of all messages, as soon as there are `count`. */
  async values(
    count: number,
    valueOf: (data: GraphQLResponse['data']) => unknown,
  ): Promise<unknown[]> {
    await until(() => this.results.length >= count || this.end !== undefined);
    return this.results.map(({ data }) => valueOf(data));
  }

  /** The errors with which the operation ends. */
  async refused(): Promise<GraphQLErrors> {
    const end = await this.ended();
    if (!Array.isArray(end)) throw new Error(`It ended without errors: ${String(end)}`);
    return end as GraphQLErrors;
  }

  async ended(): Promise<unknown> {
    await until(() => this.end !== undefined);
    return this.end;
  }
}
