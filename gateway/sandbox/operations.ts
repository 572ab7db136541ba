import { type SampleTab, variables } from './sample-tab.js';
import { SUPPLY_TABS } from './supply-operations.js';

/** The first tabs for newcomers. Their comments address duty officers, not developers. */
export const SAMPLE_TABS: SampleTab[] = [
  {
    query: `# Intensive care in Germany, Land by Land.
# Start it with the triangle, or Ctrl-Enter.
#
# The sums count every value ever reported.
# How far to trust them stands beside them:
#   facilities  those with intensive care
#   reporting   ... of which have reported
#   stale       ... too long ago to steer by

query SituationByLand {
  regions(level: LAND) {
    code
    name
    beds(category: ICU_UNSPECIFIED) {
      operable
      occupied
      free
      facilities
      reporting
      stale
    }
  }
}
`,
  },
  {
    query: `# The situation of one Kreis: Cologne, 05315.
# Its beds, what phases are in force there,
# and which incidents are open.

query SituationOfKreis($area: String!) {
  region(code: $area) {
    name
    population
    beds(category: ICU_UNSPECIFIED) {
      operable
      free
      stale
    }
    phases {
      phase
      hazard
      legalBasis
      declaredAt
    }
  }
  incidents(filter: { area: $area, status: OPEN }) {
    nodes {
      id
      name
      casualties {
        category
        count
      }
    }
  }
}
`,
    variables: variables({ area: '05315' }),
  },
  {
    query: `# Free intensive care within 30 km of Cologne,
# the nearest first. Only fresh reports count.
#   staleAt  when a report stops being fresh
#   method   REPORTED by the facility, or MODELLED

query FreeNearCologne {
  facilities(
    filter: {
      near: { latitude: 50.94, longitude: 6.96, km: 30 }
      category: ICU_UNSPECIFIED
      minFree: 1
    }
    first: 20
  ) {
    edges {
      node {
        name
        area
        beds(category: ICU_UNSPECIFIED) {
          free
          operable
          staleAt
          provenance {
            source
            method
          }
        }
      }
    }
  }
}
`,
  },
  {
    query: `# Live: what changes in North Rhine-Westphalia,
# one message for each facility and change.
# Start it and leave it running.
#
# After a break, go on where you were and miss
# nothing: capacityChanged(area: "05",
#                          after: "last cursor")
# A message with caughtUp and no facility says that
# you have everything; it also comes every 5 minutes.

subscription LiveNorthRhineWestphalia {
  capacityChanged(area: "05") {
    cursor
    at
    caughtUp
    facility {
      name
      beds(category: ICU_UNSPECIFIED) {
        operable
        occupied
        free
      }
    }
  }
}
`,
  },
  {
    query: `# Declare an incident. Copy its id from the
# response: the next tabs need it in Variables.
#
# The key makes a second press harmless; another
# incident needs another key.

mutation DeclareIncident($input: DeclareIncidentInput!) {
  declareIncident(input: $input) {
    ... on Incident {
      id
      name
      status
    }
    ... on Refusal {
      message
    }
  }
}
`,
    variables: variables({
      input: {
        name: 'Exercise: bus accident',
        hazard: 'MASS_CASUALTY',
        position: { latitude: 50.94, longitude: 6.96 },
        area: '05315',
        estimatedCasualties: 3,
        idempotencyKey: 'sandbox incident 1',
      },
    }),
  },
  {
    query: `# Register casualties by the numbers of their tags,
# with what triage found. Names are not needed.

mutation RegisterCasualties($input: RegisterCasualtiesInput!) {
  registerCasualties(input: $input) {
    ... on RegisteredCasualties {
      outcomes {
        ... on Patient {
          id
          tag
          category
        }
        ... on Refusal {
          message
        }
      }
    }
    ... on Refusal {
      message
    }
  }
}
`,
    variables: variables({
      input: {
        incident: 'the id of the incident',
        casualties: [
          { tag: '001', category: 'SK_I', physician: true, needs: ['NEUROSURGERY'] },
          { tag: '002', category: 'SK_II', physician: true },
          { tag: '003', category: 'SK_III' },
        ],
        idempotencyKey: 'sandbox casualties 1',
      },
    }),
  },
  {
    query: `# Propose a facility for every patient without one.
# Nothing is reserved: read why, and why not the
# others, then confirm the plan or drop it.

mutation ProposeAllocation($input: ProposeAllocationInput!) {
  proposeAllocation(input: $input) {
    ... on AllocationPlan {
      id
      summary {
        patients
        allocated
        weightedMinutes
        optimalityGap
        solverMilliseconds
      }
      assignments {
        nodes {
          patient {
            tag
            category
          }
          facility {
            name
          }
          minutes
          means
          reasons {
            message
          }
          rejected {
            facility {
              name
            }
            reason
          }
        }
      }
      unallocated {
        nodes {
          reason
        }
      }
    }
    ... on Refusal {
      message
    }
  }
}
`,
    variables: variables({
      input: { incident: 'the id of the incident', idempotencyKey: 'sandbox plan 1' },
    }),
  },
  {
    query: `# Confirm a plan: beds are reserved, and every
# facility gets a request. Patients who lost their
# bed are named, and the next proposal covers them.

mutation ConfirmAllocation($input: ConfirmAllocationInput!) {
  confirmAllocation(input: $input) {
    ... on AllocationPlan {
      status
      summary {
        confirmed
        lost
      }
      lost {
        nodes {
          reason
        }
      }
    }
    ... on Refusal {
      message
    }
  }
}
`,
    variables: variables({
      input: { plan: 'the id of the plan', idempotencyKey: 'sandbox confirmation 1' },
    }),
  },
  {
    query: `# Live: every step of every transfer from or to
# North Rhine-Westphalia, with the free beds of
# the facility, until you stop it.

subscription FollowTransfers {
  transferChanged(area: "05") {
    at
    transfer {
      id
      status
      estimatedArrival
      patient {
        tag
        category
      }
      to {
        name
        beds(category: ICU_UNSPECIFIED) {
          free
        }
      }
    }
  }
}
`,
  },
  ...SUPPLY_TABS,
];
