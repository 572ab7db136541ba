/** What one client may ask of the hub. Counted in an operation as it runs, with every fragment where it is spread. */
export interface Limits {
  /** Characters of an operation's text. */
  textLength: number;
  /** Tokens the text may have; graphql-js stops reading at the next. */
  tokens: number;
  /** Fields below one another. The introspection query of GraphiQL has 15. */
  depth: number;
  /** Fields that are asked for under another name. */
  aliases: number;
  directives: number;
  /** Selections within one pair of braces. Validation compares each with each. */
  breadth: number;
  /** Steps that validation takes, see `checkValidationWork`. The introspection query of GraphiQL takes about 1,000. */
  comparisons: number;
  /** Fields altogether. The introspection query of GraphiQL has about 300. */
  fields: number;
  /** What a slicing argument such as `first` may ask for. */
  pageSize: number;
  /** Of one operation, before it runs; 1 is about one object that is read. */
  cost: number;
  /** Of planning one operation, the event loop's time alone; in the same unit. */
  planningCost: number;
  /** What a caller may spend in a minute. */
  costPerMinute: number;
  /** The same for the role `service`: systems that report for many houses, a thousand reports in one call. */
  serviceCostPerMinute: number;
  /** Queries and mutations of one caller that run at the same time. */
  operations: number;
  /** The same for the role `service`. */
  serviceOperations: number;
  /** Operations of one caller that may wait until others of theirs have ended. */
  waitingOperations: number;
  /** How long each of them may wait. */
  operationWaitMs: number;
  /** WebSockets that one caller may open in a minute, and one address without a token that is accepted. */
  connectionsPerMinute: number;
  /** WebSockets that one address may hold. */
  connections: number;
}

/** Nobody reads an operation beyond these. */
export const MOST_TOKENS = 5_000;
const SERVICE_FACTOR = 20;

/** The defaults, all of them. Operators tune the budget (`RATE_LIMIT_COST_PER_MINUTE`); the rest protects the process. */
export function limitsWith({
  costPerMinute = 600_000,
}: { costPerMinute?: number | undefined } = {}): Limits {
  return {
    textLength: 100_000,
    tokens: MOST_TOKENS,
    depth: 16,
    aliases: 50,
    directives: 50,
    breadth: 100,
    comparisons: 10_000,
    fields: 1_000,
    pageSize: 500,
    cost: 50_000,
    planningCost: 20_000,
    costPerMinute,
    serviceCostPerMinute: costPerMinute * SERVICE_FACTOR,
    operations: 4,
    serviceOperations: 32,
    waitingOperations: 100,
    operationWaitMs: 10_000,
    connectionsPerMinute: 6_000,
    connections: 10_000,
  };
}

/** From this cost on an operation makes subgraphs read much: it takes no connection from others, and none waits for it. */
export const HEAVY_COST = 5_000;

/** A request whose sender brings no token that is accepted has no larger body; questions about the schema fit. */
export const LARGEST_SMALL_BODY_BYTES = 16 * 1024;
const BYTES_PER_FEE = 4 * 1024;

/** What is charged beside an operation's own cost, in the same unit. */
export const FEES = {
  /** For every request, so that requests for nothing are not free, and for each started 4 KiB of its body. */
  request: 10,
  /** For a text that was not seen lately: it is read and validated. What planning costs (`planning-cost.ts`) is added. */
  unknownText: 100,
  /** For what is refused: finding out was work, and a client that is right is hardly ever refused. */
  refusal: 500,
} as const;

/** What a request with so large a body is charged: to read one is work that grows with it. */
export function feeFor(bytes: number): number {
  return FEES.request * Math.max(1, Math.ceil(bytes / BYTES_PER_FEE));
}
