import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FederatedGateway } from '../federated-gateway.js';
import type { SecurityEvent } from './security-events.js';
import type { OperationsUnderWay } from '../limits/concurrent-operations.js';
import type { FetchOutcome } from '../subgraph-http/subgraph-source.js';

const CIRCUIT_STATES = ['closed', 'half-open', 'open'] as const;
/** From an answer out of memory to the longest a subgraph may take. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Of the process and not of a gateway in it. */
let processRegistry: Registry | undefined;

export interface MeasuredParts {
  federation: Pick<FederatedGateway, 'isLoaded' | 'state' | 'renewal' | 'sources'>;
  subscriptions: { count(): { groups: number; members: number } };
  underWay: Pick<OperationsUnderWay, 'waiting' | 'longestQueue'>;
}

/**
 * The numbers behind `/metrics`. Every label has few values, known beforehand: nothing that a caller sends becomes one,
 * so that neither memory grows with what is sent nor anything of a person stands there.
 */
export class Measures {
  readonly #registry = new Registry();
  readonly #inThis = { registers: [this.#registry] };

  readonly #requests = new Histogram({
    name: 'vierblatt_request_duration_seconds',
    help: 'Queries and mutations, from the first byte understood to the answer.',
    labelNames: ['operation', 'outcome'],
    buckets: SECONDS,
    ...this.#inThis,
  });
  readonly #fetches = new Histogram({
    name: 'vierblatt_subgraph_fetch_duration_seconds',
    help: 'Questions to subgraphs; those skipped were not asked because the subgraph is known to be away.',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    ...this.#inThis,
  });
  readonly #messages = new Counter({
    name: 'vierblatt_subscription_messages_total',
    help: 'Messages handed to watchers, each counted for each of them.',
    ...this.#inThis,
  });
  readonly #bytes = new Counter({
    name: 'vierblatt_subscription_bytes_total',
    help: 'Bytes of those messages.',
    ...this.#inThis,
  });
  readonly #slow = new Counter({
    name: 'vierblatt_slow_watchers_closed_total',
    help: 'Watchers that were closed because they read too slowly.',
    ...this.#inThis,
  });

  readonly #securityEvents = new Counter({
    name: 'vierblatt_security_events_total',
    help: 'Refused tokens and operations, limits exceeded, and signs of enumeration.',
    labelNames: ['event'],
    ...this.#inThis,
  });

  readonly securityEvent = (event: SecurityEvent): void => {
    this.#securityEvents.inc({ event });
  };

  requested(operation: 'query' | 'mutation' | 'unknown', outcome: RequestOutcome, seconds: number) {
    this.#requests.observe({ operation, outcome }, seconds);
  }

  readonly fetched = (subgraph: string, outcome: FetchOutcome, seconds: number): void => {
    this.#fetches.observe({ subgraph, outcome }, seconds);
  };

  delivered(members: number, bytes: number): void {
    this.#messages.inc(members);
    this.#bytes.inc(members * bytes);
  }

  slowClosed(): void {
    this.#slow.inc();
  }

  /** Also tells what these have to say of themselves, read whenever somebody asks. */
  observe({ federation, subscriptions, underWay }: MeasuredParts): void {
    this.#gauge('subscription_groups', 'Streams that watchers share.', () => {
      return subscriptions.count().groups;
    });
    this.#gauge('subscription_members', 'Watchers.', () => subscriptions.count().members);
    this.#gauge('operations_waiting', 'Operations that wait for others of their caller.', () => {
      return underWay.waiting;
    });
    this.#gauge(
      'longest_caller_queue',
      'The most operations of one caller that ever waited at the same time.',
      () => underWay.longestQueue,
    );
    this.#gauge('supergraph_epoch', 'Grows by one with each supergraph taken over.', () => {
      return federation.isLoaded ? federation.state.epoch : 0;
    });
    this.#gauge('supergraph_failures', 'Schemas that could not be taken over.', () => {
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

  /** In the text format of Prometheus. */
  async text(): Promise<string> {
    if (!processRegistry) {
      processRegistry = new Registry();
      collectDefaultMetrics({ register: processRegistry });
    }
    return Registry.merge([processRegistry, this.#registry]).metrics();
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
