import { HubClient, type TokenSource } from '../client/hub-client.js';
import { PlayerError } from '../client/player-error.js';
import { halfAMinute, withRetries, type RetryDelays } from '../client/retries.js';
import { areaToday } from '../../shared/areas/index.js';
import { allNodes, type Page, type TypedDocument } from '../../shared/graphql-client/index.js';
import { aliasedMutation, aliasedVariables } from './aliased-mutation.js';
import {
  ReplayDeclarationsDocument,
  ReplayFacilitiesDocument,
  ReplayStateDocument,
  ReplayKreiseDocument,
  ReplayOwnReportsDocument,
  ReplayReportsDocument,
  type DeclareCapabilitiesInput,
  type ReplayFacilitiesQuery,
  type ReportCapacityInput,
} from './generated/operations.js';
import { ownBedsOf, type OwnBeds } from './own-beds.js';
import type { Kreis } from './trauma-centres.js';

type FacilityNode = NonNullable<ReplayFacilitiesQuery['facilities']>['nodes'][number];

/** A facility that capacity knows, as far as a replay needs it. */
export type Site = {
  readonly [Field in keyof FacilityNode]: Field extends 'siteNumber' | 'name'
    ? FacilityNode[Field]
    : NonNullable<FacilityNode[Field]>;
};

/** Fields that a complete report states, although the schema lets them be left out. */
type StatedField = 'operable' | 'occupied' | 'blocked' | 'status' | 'limitations';

/** A complete report of the beds of one category; without numbers `operable` and `occupied` are null. */
export type CapacityReport = Omit<ReportCapacityInput, StatedField> & {
  [Field in StatedField]: Exclude<
    ReportCapacityInput[Field],
    undefined | (Field extends 'operable' | 'occupied' ? never : null)
  >;
};

/** The public API accepts this many reports in one request. */
const REPORTS_PER_REQUEST = 1000;
/** The gateway accepts 50 aliases in an operation. */
const DECLARATIONS_PER_REQUEST = 40;
const CONCURRENT_REQUESTS = 4;

/** The report of a facility on its own intensive care. */
export interface OwnReport {
  facility: string;
  /** AGS of its Kreis. */
  area: string;
  beds: OwnBeds;
}

interface Outcome {
  readonly __typename: string;
  readonly message?: string;
}

/** A client of the hub's public API. Throws PlayerError. */
export class Hub {
  readonly #client: HubClient;
  readonly #tokens: TokenSource;
  readonly #closing = new AbortController();
  readonly #retryDelays: RetryDelays;

  /** `retryDelays` says how long a request is repeated while the hub is unavailable. */
  constructor(url: string, tokens: TokenSource, retryDelays: RetryDelays = halfAMinute) {
    this.#retryDelays = retryDelays;
    this.#client = new HubClient(url, CONCURRENT_REQUESTS, 'Give another with --token.');
    this.#tokens = tokens;
  }

  /** Returns all facilities that the caller may see. */
  async facilities(): Promise<Site[]> {
    return (await this.#allFacilities(ReplayFacilitiesDocument)).filter(isSite);
  }

  /** Returns the facilities' own reports on intensive care, as far as they replace a share of a Kreis total. */
  async ownReports(): Promise<OwnReport[]> {
    const facilities = await this.#allFacilities(ReplayOwnReportsDocument);
    return facilities.flatMap(({ id: facility, area, beds: reported }) => {
      const beds = ownBedsOf(reported ?? []);
      return beds && area !== null ? [{ facility, area, beds }] : [];
    });
  }

  /** Returns the facilities that have reported intensive care, and those whose capabilities were declared. */
  async state(): Promise<{ reported: ReadonlySet<string>; declared: ReadonlySet<string> }> {
    const all = await this.#allFacilities(ReplayStateDocument);
    const reported = all.filter(({ beds }) => beds?.some(({ provenance }) => provenance));
    const declared = all.filter(
      ({ capabilityDeclarations }) => (capabilityDeclarations?.length ?? 0) > 0,
    );
    const idsOf = (facilities: typeof all) => new Set(facilities.map(({ id }) => id));
    return { reported: idsOf(reported), declared: idsOf(declared) };
  }

  /** Sends reports in bulk and returns the messages of the refused ones. */
  report(reports: readonly CapacityReport[]): Promise<string[]> {
    return inBatches(reports, REPORTS_PER_REQUEST, (batch) => this.#reportBatch(batch));
  }

  /** Returns all Kreise of today with their population; that of a former Kreis counts in its successor, as its hospitals do. */
  async kreise(): Promise<Kreis[]> {
    const { regions } = await this.#request(ReplayKreiseDocument, {});
    const people = new Map<string, number>();
    for (const { code, population } of regions ?? []) {
      const kreis = areaToday(code) ?? code;
      people.set(kreis, (people.get(kreis) ?? 0) + population);
    }
    return [...people].map(([code, population]) => ({ code, population }));
  }

  /** Declares capabilities of facilities and returns the messages of the refused declarations. */
  declare(declarations: readonly DeclareCapabilitiesInput[]): Promise<string[]> {
    return inBatches(declarations, DECLARATIONS_PER_REQUEST, (batch) => this.#declareBatch(batch));
  }

  close(): Promise<void> {
    this.#closing.abort();
    return this.#client.close();
  }

  /** A repeated report changes nothing, so a request whose response was lost may be repeated. */
  async #reportBatch(reports: readonly CapacityReport[]): Promise<string[]> {
    const { reportCapacities } = await this.#request(ReplayReportsDocument, {
      input: { reports },
    });
    const outcomes = reportCapacities?.outcomes ?? [];
    if (outcomes.length !== reports.length) {
      throw new PlayerError(
        `The hub gave ${outcomes.length} outcomes for ${reports.length} reports.`,
      );
    }
    return outcomes.flatMap(refusalIn);
  }

  /** Each declaration has a key of its own, so a request whose response was lost may be repeated. */
  async #declareBatch(declarations: readonly DeclareCapabilitiesInput[]): Promise<string[]> {
    const mutation = aliasedMutation(ReplayDeclarationsDocument, declarations.length);
    const outcomes = await this.#request(mutation, aliasedVariables(declarations));
    return Object.values(outcomes).flatMap(refusalIn);
  }

  /** Reads a connection of facilities page by page. */
  #allFacilities<Node>(
    document: TypedDocument<{ facilities: Page<Node> | null }, { after?: string | null }>,
  ): Promise<Node[]> {
    return allNodes(async (after) => {
      const { facilities } = await this.#request(document, { after });
      if (!facilities) throw new PlayerError('The hub names no facilities: look at its log.');
      return facilities;
    });
  }

  /** All operations of a replay may be repeated when a response was lost. */
  #request<Data, Variables extends object>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    return withRetries(
      this.#closing.signal,
      () => this.#client.request(this.#tokens, document, variables),
      this.#retryDelays,
    );
  }
}

function isSite(node: FacilityNode): node is Site {
  return node.area !== null && node.kind !== null && node.capabilities !== null;
}

function refusalIn(outcome: Outcome | null): string[] {
  if (outcome?.__typename === 'Facility') return [];
  return [outcome?.message ?? outcome?.__typename ?? 'The hub gave no outcome.'];
}

/** Sends all items, some batches at a time, and returns the results together. */
async function inBatches<Item>(
  items: readonly Item[],
  size: number,
  send: (batch: readonly Item[]) => Promise<string[]>,
): Promise<string[]> {
  const batches: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) {
    batches.push(items.slice(start, start + size));
  }
  const results: string[] = [];
  const sendRest = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      results.push(...(await send(batch)));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, sendRest));
  return results;
}
