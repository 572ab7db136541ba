/** The operations that a replay and the first day send to the hub. */

export const FACILITIES = /* GraphQL */ `
  query ReplayFacilities($after: String) {
    facilities(first: 500, after: $after) {
      edges {
        node {
          id
          siteNumber
          name
          kind
          area
          capabilities
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

/** Only facilities with a number that no model made: on a new hub none. */
export const OWN_REPORTS = /* GraphQL */ `
  query ReplayOwnReports($after: String) {
    facilities(
      filter: { methods: [REPORTED, DEVICE, IMPORTED, ESTIMATED] }
      first: 500
      after: $after
    ) {
      edges {
        node {
          id
          area
          beds {
            category
            operable
            occupied
            blocked
            stale
            provenance {
              method
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

/** What the first day has brought already. */
export const STATE = /* GraphQL */ `
  query ReplayState($after: String) {
    facilities(first: 500, after: $after) {
      edges {
        node {
          id
          beds(category: ICU_UNSPECIFIED) {
            provenance {
              observedAt
            }
          }
          capabilityDeclarations {
            id
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const KREISE = /* GraphQL */ `
  query ReplayKreise {
    regions(level: KREIS) {
      code
      population
    }
  }
`;

export const REPORT = /* GraphQL */ `
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

/** The gateway allows an operation 50 aliases. */
const DECLARATIONS_PER_CALL = 40;

/** For each number of declarations, from 1 on, the operation that makes so many; each is a variable `d0`, `d1` and so on. */
export const DECLARATIONS: readonly string[] = Array.from(
  { length: DECLARATIONS_PER_CALL },
  (_, last) => declarationsOf(last + 1),
);

function declarationsOf(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `d${index}`);
  const variables = names.map((name) => `$${name}: DeclareCapabilitiesInput!`).join(' ');
  const fields = names.map(
    (name) =>
      `${name}: declareCapabilities(input: $${name}) { __typename ... on Refusal { message } }`,
  );
  return `mutation ReplayDeclarations(${variables}) {\n${fields.join('\n')}\n}`;
}
