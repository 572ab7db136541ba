import type { Example } from './example.js';

/** Operations of the personnel subgraph, with the variables of the other examples. */
export const PERSONNEL_EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.personnelCursor': { operation: '{ personnelCursor }', at: ['personnelCursor'] },
  'Query.staffing': {
    operation: '{ staffing(area: "", phase: EVERYDAY) { phase } }',
    at: ['staffing'],
  },
  'Facility.staffing': {
    operation:
      'query ($facility: ID!) { facility(id: $facility) { staffing(phase: CATASTROPHE) { rostered } } }',
    at: ['facility', 'staffing'],
  },
  'Facility.staffedBeds': {
    operation:
      'query ($facility: ID!) { facility(id: $facility) { staffedBeds(phase: CATASTROPHE) { beds } } }',
    at: ['facility', 'staffedBeds'],
  },
  'Region.staffing': {
    operation: '{ region(code: "05") { staffing(phase: EVERYDAY) { rostered } } }',
    at: ['region', 'staffing'],
  },
};
