/** What the players of a steered incident ask of the hub. */
import { change } from '../operations.js';

export const OPEN_SECTION = change(
  'openSection',
  'OpenSectionInput',
  '... on Incident { sections { id name } }',
);
export const PROPOSE = change(
  'proposeAllocation',
  'ProposeAllocationInput',
  `... on NobodyToAllocate { patients }
   ... on AllocationPlan { id summary { patients allocated weightedMinutes cost optimalityGap
     solverMilliseconds timedOut } }`,
);
export const CONFIRM = change(
  'confirmAllocation',
  'ConfirmAllocationInput',
  '... on AllocationPlan { id status summary { confirmed lost } }',
);
export const DISCARD = change('discardAllocation', 'DiscardAllocationInput', '');

/** The part of a plan that was made real, page by page. */
export const CONFIRMED_PAGE = /* GraphQL */ `
  query IncidentAssignments($plan: ID!, $after: String) {
    allocationPlan(id: $plan) {
      status
      assignments(first: 500, after: $after) {
        nodes {
          outcome
          category
          minutes
          means
          withPhysician
          facility {
            id
            name
          }
          transfer {
            id
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

/** Who is given no house, page by page. */
export const LEFT_PAGE = /* GraphQL */ `
  query IncidentUnallocated($plan: ID!, $after: String) {
    allocationPlan(id: $plan) {
      unallocated(first: 500, after: $after) {
        nodes {
          code
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;
