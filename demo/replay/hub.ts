import { GraphQLEndpoint, type GiveToken } from '../client/graphql-endpoint.js';
import { halfAMinute, patiently, type Waits } from '../client/patience.js';
import { PlayerError } from '../client/player-error.js';
import { areaToday } from '../../shared/areas/areas.js';
import type { CapabilityDeclaration } from './declarations.js';
import { DECLARATIONS, FACILITIES, KREISE, OWN_REPORTS, REPORT, STATE } from './operations.js';
import { ownBedsOf, type OwnBeds, type ReportedBeds } from './own-beds.js';
import type { Kreis } from './trauma-centres.js';

/** A facility, as far as a replay needs it. */
export interface Site {
  id: string;
  siteNumber: string | null;
  /** Null while the hub does not know it. */
  name: string | null;
  kind: string;
  /** AGS of its Kreis. */
  area: string;
  capabilities: string[];
}

/** One item of `reportCapacities`. */
export interface CapacityReport {
  facility: string;
  category: string;
  /** Null where nothing is reported, as are the occupied ones. */
  operable: number | null;
  occupied: number | null;
  blocked: number;
  status: string;
  limitations: string[];
  source: string;
  method: string;
  observedAt: string;
}

/** The public API allows this many reports in one call. */
const REPORTS_PER_CALL = 1000;
const CALLS_IN_FLIGHT = 4;

/** What a facility reports of its intensive care itself. */
export interface OwnReport {
  facility: string;
  /** AGS of its Kreis. */
  area: string;
  beds: OwnBeds;
}

interface FacilitiesPage<Node> {
  facilities: {
    edges: { node: Node }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

interface FacilityState {
  id: string;
  /** An entry without provenance is one that nobody has reported. */
  beds: { provenance: object | null }[] | null;
  capabilityDeclarations: unknown[] | null;
}

interface Outcome {
  __typename: string;
  message?: string;
}

interface Outcomes {
  reportCapacities: { outcomes: Outcome[] };
}

/** A client of the hub's public API. Throws PlayerError. */
export class Hub {
  readonly #endpoint: GraphQLEndpoint;
  readonly #token: GiveToken;
  readonly #closing = new AbortController();
  readonly #waits: Waits;

  /** `waits` says how long a call is tried again while the hub does not take it. */
  constructor(url: string, token: GiveToken, waits: Waits = halfAMinute) {
    this.#waits = waits;
    this.#endpoint = new GraphQLEndpoint(url, CALLS_IN_FLIGHT, 'Give another with --token.');
    this.#token = token;
  }

  /** All facilities the token may see. */
  facilities(): Promise<Site[]> {
    return this.#allFacilities<Site>(FACILITIES);
  }

  /** What facilities report of their intensive care themselves, as far as it keeps them from a share of a Kreis total. */
  async ownReports(): Promise<OwnReport[]> {
    const facilities = await this.#allFacilities<{
      id: string;
      area: string;
      beds: ReportedBeds[];
    }>(OWN_REPORTS);
    return facilities.flatMap(({ id: facility, area, beds: reported }) => {
      const beds = ownBedsOf(reported);
      return beds ? [{ facility, area, beds }] : [];
    });
  }

  /** The facilities that have reported intensive care, and those of which somebody has declared capabilities. */
  async state(): Promise<{ reported: ReadonlySet<string>; declared: ReadonlySet<string> }> {
    const all = await this.#allFacilities<FacilityState>(STATE);
    const idsOf = (isMeant: (facility: FacilityState) => boolean) =>
      new Set(all.filter(isMeant).map(({ id }) => id));
    return {
      reported: idsOf(({ beds }) => beds?.some(({ provenance }) => provenance) ?? false),
      declared: idsOf(({ capabilityDeclarations }) => (capabilityDeclarations?.length ?? 0) > 0),
    };
  }

  /** Reports in bulk and returns the messages of those the hub refused. */
  report(reports: readonly CapacityReport[]): Promise<string[]> {
    return inBatches(reports, REPORTS_PER_CALL, (batch) => this.#reportBatch(batch));
  }

  /** All Kreise of today with their population; that of a former Kreis counts in its successor, as its hospitals do. */
  async kreise(): Promise<Kreis[]> {
    const { regions } = await this.#ask<{ regions: Kreis[] }>(KREISE, {});
    const people = new Map<string, number>();
    for (const { code, population } of regions) {
      const kreis = areaToday(code) ?? code;
      people.set(kreis, (people.get(kreis) ?? 0) + population);
    }
    return [...people].map(([code, population]) => ({ code, population }));
  }

  /** Declares what houses can do and returns the messages of those the hub refused. */
  declare(declarations: readonly CapabilityDeclaration[]): Promise<string[]> {
    return inBatches(declarations, DECLARATIONS.length, (batch) => this.#declareBatch(batch));
  }

  close(): Promise<void> {
    this.#closing.abort();
    return this.#endpoint.close();
  }

  /** A repeated report changes nothing, so a call whose answer got lost may be sent again. */
  async #reportBatch(reports: readonly CapacityReport[]): Promise<string[]> {
    const input = { reports };
    const { outcomes } = (await this.#ask<Outcomes>(REPORT, { input })).reportCapacities;
    if (outcomes.length !== reports.length) {
      throw new PlayerError(
        `The hub gave ${outcomes.length} outcomes for ${reports.length} reports.`,
      );
    }
    return outcomes.flatMap(refusalIn);
  }

  /** Each declaration has a key of its own, so a call whose answer got lost may be sent again. */
  async #declareBatch(declarations: readonly CapabilityDeclaration[]): Promise<string[]> {
    const variables = Object.fromEntries(
      declarations.map((declaration, place) => [`d${place}`, declaration]),
    );
    const operation = DECLARATIONS[declarations.length - 1]!;
    const outcomes = await this.#ask<Record<string, Outcome>>(operation, variables);
    return Object.values(outcomes).flatMap(refusalIn);
  }

  async #allFacilities<Node>(query: string): Promise<Node[]> {
    const nodes: Node[] = [];
    let after: string | null = null;
    do {
      const page: FacilitiesPage<Node> = await this.#ask(query, { after });
      nodes.push(...page.facilities.edges.map(({ node }) => node));
      const { hasNextPage, endCursor } = page.facilities.pageInfo;
      after = hasNextPage ? endCursor : null;
    } while (after !== null);
    return nodes;
  }

  /** All of these calls may be sent again when an answer got lost. */
  #ask<Data>(query: string, variables: object): Promise<Data> {
    return patiently(
      this.#closing.signal,
      () => this.#endpoint.ask<Data>(this.#token, query, variables),
      this.#waits,
    );
  }
}

function refusalIn({ __typename, message }: Outcome): string[] {
  return __typename === 'Facility' ? [] : [message ?? __typename];
}

/** Sends all, some calls at once, and gives what they gave. */
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
  await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, sendRest));
  return results;
}
