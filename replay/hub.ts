import { setTimeout as delay } from 'node:timers/promises';
import { Away, GraphQLEndpoint } from './graphql-endpoint.js';
import { ReplayError } from './replay-error.js';

/** A facility, as far as a replay needs it. */
export interface Site {
  id: string;
  siteNumber: string | null;
  kind: string;
  /** AGS of its Kreis. */
  area: string;
}

/** One item of `reportCapacities`. */
export interface CapacityReport {
  facility: string;
  category: string;
  operable: number;
  occupied: number;
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
/** Waits before another attempt: together half a minute, longer than the hub takes to bring a dead service back. */
const RETRY_AFTER_MS = [250, 500, 1000, 2000, 4000, 8000, 16_000];

const FACILITIES = /* GraphQL */ `
  query ReplayFacilities($after: String) {
    facilities(first: 500, after: $after) {
      edges {
        node {
          id
          siteNumber
          kind
          area
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
const REPORT = /* GraphQL */ `
  mutation ReplayReports($input: ReportCapacitiesInput!) {
    reportCapacities(input: $input) {
      outcomes {
        __typename
        ... on Refusal {
          message
        }
      }
    }
  }
`;

interface FacilitiesPage {
  facilities: {
    edges: { node: Site }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

interface Outcomes {
  reportCapacities: { outcomes: { __typename: string; message?: string }[] };
}

/** A client of the hub's public API. Throws ReplayError. */
export class Hub {
  readonly #endpoint: GraphQLEndpoint;
  readonly #closing = new AbortController();

  constructor(url: string, token: () => Promise<string>) {
    this.#endpoint = new GraphQLEndpoint(url, token, CALLS_IN_FLIGHT);
  }

  /** All facilities the token may see. */
  async facilities(): Promise<Site[]> {
    const sites: Site[] = [];
    let after: string | null = null;
    do {
      const page: FacilitiesPage = await this.#endpoint.ask<FacilitiesPage>(FACILITIES, { after });
      sites.push(...page.facilities.edges.map(({ node }) => node));
      const { hasNextPage, endCursor } = page.facilities.pageInfo;
      after = hasNextPage ? endCursor : null;
    } while (after !== null);
    return sites;
  }

  /** Reports in bulk and returns the messages of those the hub refused. */
  async report(reports: readonly CapacityReport[]): Promise<string[]> {
    const calls: CapacityReport[][] = [];
    for (let start = 0; start < reports.length; start += REPORTS_PER_CALL) {
      calls.push(reports.slice(start, start + REPORTS_PER_CALL));
    }
    const refusals: string[] = [];
    const sendRest = async () => {
      for (let batch = calls.pop(); batch; batch = calls.pop()) {
        refusals.push(...(await this.#reportBatch(batch)));
      }
    };
    await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, sendRest));
    return refusals;
  }

  close(): Promise<void> {
    this.#closing.abort();
    return this.#endpoint.close();
  }

  /** A repeated report changes nothing, so a call whose answer got lost may be sent again. */
  async #reportBatch(reports: CapacityReport[], attempt = 0): Promise<string[]> {
    try {
      const { reportCapacities } = await this.#endpoint.ask<Outcomes>(REPORT, {
        input: { reports },
      });
      const { outcomes } = reportCapacities;
      if (outcomes.length !== reports.length) {
        throw new ReplayError(
          `The hub gave ${outcomes.length} outcomes for ${reports.length} reports.`,
        );
      }
      return outcomes.flatMap(({ __typename, message }) =>
        __typename === 'Facility' ? [] : [message ?? __typename],
      );
    } catch (error) {
      const wait = RETRY_AFTER_MS[attempt];
      if (!(error instanceof Away) || wait === undefined) throw error;
      await delay(wait, undefined, { signal: this.#closing.signal });
      return this.#reportBatch(reports, attempt + 1);
    }
  }
}
