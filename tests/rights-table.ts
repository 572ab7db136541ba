/**
 * Who may see and do what: every root field, and every type and field that carries a right, for every role. Written by
 * hand and checked against the running hub cell by cell (rights.test.ts); nothing is derived from the schema or from
 * shared/roles.json, so that a slip in either shows.
 */
export const RIGHTS_TABLE = `
                            hospital  dispatch  health-office  crisis-staff  spoc  chamber  supplier  family-information  partner  service
Query.capacityCursor        yes       yes       yes            yes           yes   yes      yes       yes                 yes      yes
Query.region                yes       yes       yes            yes           yes   yes      yes       yes                 yes      yes
Query.regions               yes       yes       yes            yes           yes   yes      yes       yes                 yes      yes
Query.facility              yes       yes       yes            yes           yes   yes      yes       yes                 no       yes
Query.facilities            yes       yes       yes            yes           yes   yes      yes       yes                 no       yes
Mutation.reportCapacity     yes       yes       yes            yes           no    no       no        no                  no       yes
Mutation.reportCapacities   yes       yes       yes            yes           no    no       no        no                  no       yes
Subscription.capacityChanged yes      yes       yes            yes           yes   yes      yes       yes                 no       yes
Region                      yes       yes       yes            yes           yes   yes      yes       yes                 yes      yes
Facility                    yes       yes       yes            yes           yes   yes      yes       yes                 no       yes
`;

/** An operation that meets the right of the row, and the place of its answer that is null where the right is missing. */
export interface Example {
  operation: string;
  at: readonly (string | number)[];
}

/** `$facility` is a facility's id, `$report` a report of it, `$after` a cursor behind which it changed. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.capacityCursor': { operation: '{ capacityCursor }', at: ['capacityCursor'] },
  'Query.region': { operation: '{ region(code: "DE") { code } }', at: ['region'] },
  'Query.regions': { operation: '{ regions(level: COUNTRY) { code } }', at: ['regions'] },
  'Query.facility': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { id } }',
    at: ['facility'],
  },
  'Query.facilities': {
    operation: '{ facilities(first: 1) { totalCount } }',
    at: ['facilities'],
  },
  'Mutation.reportCapacity': {
    operation:
      'mutation ($report: ReportCapacityInput!) { reportCapacity(input: $report) { __typename } }',
    at: ['reportCapacity'],
  },
  'Mutation.reportCapacities': {
    operation:
      'mutation ($report: ReportCapacityInput!) { reportCapacities(input: { reports: [$report] }) { outcomes { __typename } } }',
    at: ['reportCapacities'],
  },
  'Subscription.capacityChanged': {
    operation: 'subscription ($after: String!) { capacityChanged(after: $after) { at } }',
    at: ['capacityChanged'],
  },
  Region: { operation: '{ regions(level: COUNTRY) { name } }', at: ['regions', 0, 'name'] },
  Facility: {
    operation: '{ facilities(first: 1) { nodes { name } } }',
    at: ['facilities', 'nodes', 0, 'name'],
  },
};
