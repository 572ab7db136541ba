import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { SecurityEvent } from './security-events.js';
import type { FetchOutcome } from '../core/index.js';

const CIRCUIT_STATES = ['closed', 'half-open', 'open'] as const;
/** From a response out of memory to the longest timeout of a subgraph. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface ObservedParts {
  federation: {
    isLoaded: boolean;
    state: { epoch: number };
    renewal: { failures: number };
    sources: Readonly<Record<string, { circuit: (typeof CIRCUIT_STATES)[number] }>>;
  };
  subscriptions: { count(): { groups: number; subscribers: number } };
  operations: { waiting: number; longestQueue: number };
}

/**
 * The metrics behind `/metrics`. Every label has few values that are known in advance: nothing that a caller sends becomes a
 * label, so that memory does not grow with requests and no personal data appears.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #inThis = { registers: [this.registry] };

  readonly #requests = new Histogram({
    name: 'vierblatt_request_duration_seconds',
    help: 'Queries and mutations, from the parsed request to the response.',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
    ...this.#inThis,
  });
  readonly #fetches = new Histogram({
    name: 'vierblatt_subgraph_fetch_duration_seconds',
    help: 'Requests to subgraphs; skipped ones were not sent because the subgraph is known to be unavailable.',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    ...this.#inThis,
  });
  readonly #messages = new Counter({
    name: 'vierblatt_subscription_messages_total',
    help: 'Messages delivered to subscribers, counted once for each of them.',
    ...this.#inThis,
  });
  readonly #bytes = new Counter({
    name: 'vierblatt_subscription_bytes_total',
    help: 'Bytes of those messages.',
    ...this.#inThis,
  });
  readonly #slow = new Counter({
    name: 'vierblatt_slow_watchers_closed_total',
    help: 'Subscribers that were closed because they read too slowly.',
    ...this.#inThis,
  });

  readonly #securityEvents = new Counter({
    name: 'vierblatt_security_events_total',
    help: 'Refused tokens and operations, limits exceeded, and signs of enumeration.',
    labelNames: ['event'],
    ...this.#inThis,
  });

  readonly countSecurityEvent = (event: SecurityEvent): void => {
    this.#securityEvents.inc({ event });
  };

  observeRequest(
    operation: 'query' | 'mutation' | 'unknown',
    outcome: RequestOutcome,
    seconds: number,
  ) {
    this.#requests.observe({ operation, outcome }, seconds);
  }

  readonly observeFetch = (subgraph: string, outcome: FetchOutcome, seconds: number): void => {
    this.#fetches.observe({ subgraph, outcome }, seconds);
  };

  countDelivered(subscribers: number, bytes: number): void {
    this.#messages.inc(subscribers);
    this.#bytes.inc(subscribers * bytes);
  }

  countSlowClosed(): void {
    this.#slow.inc();
  }

  /** Adds gauges that are read from these parts at every scrape. */
  observe({ federation, subscriptions, operations }: ObservedParts): void {
    this.#gauge('subscription_groups', 'Streams that subscribers share.', () => {
      return subscriptions.count().groups;
    });
    this.#gauge('subscription_members', 'Subscribers.', () => subscriptions.count().subscribers);
    this.#gauge('operations_waiting', 'Operations that wait for others of their caller.', () => {
      return operations.waiting;
    });
    this.#gauge(
      'longest_caller_queue',
      'The most operations of one caller that ever waited at the same time.',
      () => operations.longestQueue,
    );
    this.#gauge('supergraph_epoch', 'Grows by one with each adopted supergraph.', () => {
      return federation.isLoaded ? federation.state.epoch : 0;
    });
    this.#gauge('supergraph_failures', 'Schemas that could not be adopted.', () => {
      return federation.renewal.failures;
    });
    new Gauge({
      name: 'vierblatt_subgraph_circuit',
      help: '1 for the state the circuit to a subgraph is in.',
      labelNames: ['subgraph', 'state'],
      ...this.#inThis,
      collect() {
        for (const [subgraph, { circuit }] of Object.entries(federation.sources)) {
          for (const state of CIRCUIT_STATES)
            this.set({ subgraph, state }, Number(circuit === state));
        }
      },
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name: `vierblatt_${name}`,
      help,
      ...this.#inThis,
      collect() {
        this.set(value());
      },
    });
  }
}

export type RequestOutcome = 'answered' | 'refused' | 'failed';
