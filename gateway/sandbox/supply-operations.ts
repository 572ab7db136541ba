import { HOUR_MS } from '../../shared/time/rules.js';
import { type SampleTab, variables } from './sample-tab.js';

/** Returns a time some hours after the page was opened, to the minute: an example must not lie in the past. */
const inHours = (hours: number) =>
  `${new Date(Date.now() + hours * HOUR_MS).toISOString().slice(0, 16)}:00Z`;

/** The first tabs of supply. */
export const SUPPLY_TABS: SampleTab[] = [
  {
    query: `# What fails first in my Land: the hospitals of
# North Rhine-Westphalia by the hour at which a
# lifeline fails, with their intensive care and the
# patients on their way there. One query, three
# subgraphs: supply, capacity, patients.
# limitsBeds says whether beds leave the plan.

query WhatFailsFirst($area: String!, $hours: Float!) {
  lifelines(filter: { area: $area, below: $hours }, first: 20) {
    nodes {
      kind
      status
      hoursRemaining
      failsAt
      stock
      unit
      limitsBeds
      nextDelivery {
        at
        quantity
      }
      facility {
        name
        notSustainable
        beds(category: ICU_UNSPECIFIED) {
          operable
          occupied
          free
        }
        inbound {
          estimatedArrival
          category
        }
      }
    }
  }
}
`,
    variables: variables({ area: '05', hours: 48 }),
  },
  {
    query: `# Who can make it, when a medicine is short: which
# pharmacies and makers, how much a day, until when,
# and what stays uncovered. Made in a pharmacy:
# a suspension of paracetamol for children.

query WhoCanMakeIt($item: ID!, $area: String!, $days: Int!, $demand: Float!) {
  bridging(item: $item, area: $area, days: $days, demandPerDay: $demand) {
    demandPerDay
    stock
    stockDays
    makers {
      manufacturing {
        organisation {
          name
        }
        method
        perDay
      }
      quantity
      firstDay
      until
    }
    coveredUntil
    uncovered
    productionCoversFromDay
  }
}
`,
    variables: variables({
      item: 'f707dce0-026e-88cb-b400-596cff3feb4f',
      area: '05',
      days: 14,
      demand: 200,
    }),
  },
  {
    query: `# A hospital requests oxygen. It stays responsible
# until somebody acknowledges the request, which is
# escalated at acknowledgeUntil. Without addressees
# every supplier of the area sees the line.

mutation RequestOxygen($input: RequestSupplyInput!) {
  requestSupply(input: $input) {
    ... on SupplyRequest {
      id
      status
      acknowledgeUntil
      lines {
        requested
        open
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
        facility: 'the id of the facility',
        neededUntil: inHours(12),
        reason: 'the tank is running empty',
        lines: [{ item: '9bcfdba6-d832-8139-a894-ed967829a056', quantity: 5_000, unit: 'LITRE' }],
        idempotencyKey: 'sandbox oxygen 1',
      },
    }),
  },
  {
    query: `# Which devices of North Rhine-Westphalia are out
# of order: the beds that are missing for it, who
# repairs them, and since when nobody answers. A
# hospital reports one with reportDeviceFault, its
# partner acknowledges it, and the hospital closes it.

query WhichDevicesFailed($area: String!) {
  deviceFaults(
    filter: { area: $area, statuses: [REPORTED, ACKNOWLEDGED, TECHNICIAN_UNDER_WAY, CLOSING_PROPOSED] }
    first: 20
  ) {
    nodes {
      kind
      failedDevices
      devices
      status
      since
      expectedRepairAt
      escalatedAt
      facility {
        name
      }
      servicePartner {
        name
      }
      beds {
        category
        missing
        intact
      }
    }
  }
}
`,
    variables: variables({ area: '05' }),
  },
  {
    query: `# What has become of the requests of North
# Rhine-Westphalia: how much is open, on its way,
# and delivered, the newest first.

query FollowSupplyRequests {
  supplyRequests(filter: { area: "05" }, first: 20) {
    nodes {
      id
      status
      escalatedAt
      facility {
        name
      }
      lines {
        item {
          name
          unit
        }
        requested
        open
        inTransit
        delivered
      }
    }
  }
}
`,
  },
];
