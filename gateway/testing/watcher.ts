import type { Client } from 'graphql-ws';
import { until } from './until.js';

interface Operation {
  query: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

/** A client's subscription and all its results. */
export class Watcher {
  readonly results: any[] = [];
  /** Set when it ends: the errors, the close event, or `complete`. */
  end: any;
  readonly leave: () => void;

  constructor(client: Client, { variables = {}, ...operation }: Operation) {
    this.leave = client.subscribe(
      { ...operation, variables },
      {
        next: (result) => void this.results.push(result),
        error: (error) => (this.end = error),
        complete: () => (this.end ??= 'complete'),
      },
    );
  }

  /** The values of one field of all messages, as soon as there are `count`. */
  async values(count: number, valueOf: (data: any) => unknown): Promise<unknown[]> {
    await until(() => this.results.length >= count || this.end !== undefined);
    return this.results.map(({ data }) => valueOf(data));
  }

  async ended(): Promise<any> {
    await until(() => this.end !== undefined);
    return this.end;
  }
}
