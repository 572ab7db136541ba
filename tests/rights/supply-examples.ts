import type { Example } from './example.js';

/** A booking that a role with the right to book gets refused, because no facility has the id. */
const NOWHERE =
  '{ facility: "00000000-0000-4000-8000-000000000000", item: "pzn:00194323", kind: RECEIPT, quantity: 1, unit: PACK }';
/** An id that nothing has. */
const NONE = '00000000-0000-4000-8000-000000000000';
/** Roles that have the scope and see no stock: they act for no holder, and lead no area. */
const SEES_NO_STOCK: Example = {
  operation: `{ stock(id: "${NONE}") { id } stocks(first: 1) { nodes { id } } }`,
  at: ['stocks'],
};
/** Roles that have the scope and see no request: they act for no supplier, and lead no area. */
const SEES_NONE: Example = {
  operation: `{ supplyRequest(id: "${NONE}") { id } supplyRequests(first: 1) { totalCount } }`,
  at: ['supplyRequests'],
};

const SEES_NO_OFFER: Example = {
  operation: `{ supplyOffer(id: "${NONE}") { id } supplyOffers(first: 1) { totalCount } }`,
  at: ['supplyOffers'],
};

/** No fault is reported: a caller who may read them finds none. */
const SEES_NO_FAULT: Example = {
  operation: `{ deviceFault(id: "${NONE}") { id } deviceFaults(first: 1) { totalCount } }`,
  at: ['deviceFaults'],
};
const READS_SUPPLY = [
  'hospital',
  'dispatch',
  'health-office',
  'crisis-staff',
  'spoc',
  'chamber',
  'supplier',
  'service',
];

/** Operations of the supply subgraph, with the variables of the other examples. */
export const SUPPLY_EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.supplyCursor': { operation: '{ supplyCursor }', at: ['supplyCursor'] },
  'Query.organisation': {
    operation: 'query ($organisation: ID!) { organisation(id: $organisation) { id } }',
    at: ['organisation'],
  },
  'Query.organisations': {
    operation: '{ organisations(first: 1) { totalCount } }',
    at: ['organisations'],
  },
  'Mutation.registerOrganisation': {
    operation:
      'mutation ($key: String!) { registerOrganisation(input: { kind: DEPOT, area: "05315", name: "The rights table", position: { latitude: 50.94, longitude: 6.96 }, idempotencyKey: $key }) { __typename } }',
    at: ['registerOrganisation'],
  },
  'Query.item': { operation: '{ item(id: "pzn:00194323") { id } }', at: ['item'] },
  'Query.items': { operation: '{ items(first: 1) { totalCount } }', at: ['items'] },
  'Query.lifelines': {
    operation: '{ lifelines(first: 1) { nodes { kind } } }',
    at: ['lifelines'],
  },
  'Mutation.reportLifeline': {
    operation:
      'mutation ($facility: ID!, $now: DateTime!) { reportLifeline(input: { facility: $facility, kind: WATER, stock: 10, unit: CUBIC_METRE, source: "the rights table", observedAt: $now }) { __typename } }',
    at: ['reportLifeline'],
    atFacility: ['service'],
  },
  'Mutation.reportLifelines': {
    operation:
      'mutation ($facility: ID!, $now: DateTime!) { reportLifelines(input: { reports: [{ facility: $facility, kind: WATER, stock: 10, unit: CUBIC_METRE, source: "the rights table", observedAt: $now }] }) { outcomes { __typename } } }',
    at: ['reportLifelines'],
    atFacility: ['service'],
  },
  'Mutation.planRefuelling': {
    operation:
      'mutation ($now: DateTime!) { planRefuelling(input: { area: "05315", vehicles: [{ id: "1", litres: 10000, position: { latitude: 50.94, longitude: 6.96 }, availableFrom: $now }] }) { __typename } }',
    at: ['planRefuelling'],
  },
  'Subscription.lifelineChanged': {
    operation:
      'subscription ($beforeSupply: String) { lifelineChanged(after: $beforeSupply) { at } }',
    at: ['lifelineChanged'],
    atFacility: ['service'],
  },
  'Facility.lifelines': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { lifelines { kind } } }',
    at: ['facility', 'lifelines'],
  },
  'Facility.minHoursRemaining': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { minHoursRemaining } }',
    at: ['facility', 'minHoursRemaining'],
    atFacility: ['service'],
  },
  'Query.stock': {
    operation: 'query ($stock: ID!) { stock(id: $stock) { id } }',
    at: ['stock'],
    by: {
      spoc: SEES_NO_STOCK,
      chamber: SEES_NO_STOCK,
      supplier: SEES_NO_STOCK,
      service: SEES_NO_STOCK,
    },
  },
  'Query.stocks': { operation: '{ stocks(first: 1) { nodes { id } } }', at: ['stocks'] },
  'Query.shortages': {
    operation: '{ shortages(area: "") { nodes { missing } } }',
    at: ['shortages'],
  },
  'Query.needs': { operation: '{ needs(area: "") { nodes { missing } } }', at: ['needs'] },
  'Mutation.recallBatch': {
    operation:
      'mutation ($key: String!) { recallBatch(input: { item: "pzn:00194323", batch: "R1", area: "", reason: "the rights table", idempotencyKey: $key }) { __typename } }',
    at: ['recallBatch'],
  },
  'Mutation.endRecall': {
    operation: `mutation ($key: String!) { endRecall(input: { recall: "${NONE}", reason: "the rights table", idempotencyKey: $key }) { __typename } }`,
    at: ['endRecall'],
  },
  'Mutation.bookStock': {
    operation: `mutation ($key: String!) { bookStock(input: { booking: ${NOWHERE}, idempotencyKey: $key }) { __typename } }`,
    at: ['bookStock'],
  },
  'Mutation.bookStocks': {
    operation: `mutation ($key: String!) { bookStocks(input: { bookings: [${NOWHERE}], idempotencyKey: $key }) { __typename } }`,
    at: ['bookStocks'],
  },
  'Subscription.stockChanged': {
    operation:
      'subscription ($beforeSupply: String) { stockChanged(after: $beforeSupply) { cursor } }',
    at: ['stockChanged'],
  },
  'Query.supplyRequest': {
    operation: 'query ($supplyRequest: ID!) { supplyRequest(id: $supplyRequest) { id } }',
    at: ['supplyRequest'],
    by: { chamber: SEES_NONE, supplier: SEES_NONE, service: SEES_NONE },
  },
  'Query.supplyRequests': {
    operation: '{ supplyRequests(first: 1) { totalCount } }',
    at: ['supplyRequests'],
  },
  'Query.supplyOffer': {
    operation: 'query ($supplyOffer: ID!) { supplyOffer(id: $supplyOffer) { id } }',
    at: ['supplyOffer'],
    by: {
      chamber: SEES_NO_OFFER,
      supplier: SEES_NO_OFFER,
      service: SEES_NO_OFFER,
    },
  },
  'Query.supplyOffers': {
    operation: '{ supplyOffers(first: 1) { totalCount } }',
    at: ['supplyOffers'],
  },
  'Mutation.requestSupply': {
    operation: `mutation ($facility: ID!, $later: DateTime!, $key: String!) { requestSupply(input: { facility: $facility, neededUntil: $later, reason: "the rights table", lines: [{ item: "pzn:00194323", quantity: 1, unit: PACK }], idempotencyKey: $key }) { __typename } }`,
    at: ['requestSupply'],
  },
  'Mutation.acknowledgeSupplyRequest': {
    operation: `mutation ($key: String!) { acknowledgeSupplyRequest(input: { request: "${NONE}", idempotencyKey: $key }) { __typename } }`,
    at: ['acknowledgeSupplyRequest'],
  },
  'Mutation.cancelSupplyRequest': {
    operation: `mutation ($key: String!) { cancelSupplyRequest(input: { request: "${NONE}", reason: "the rights table", idempotencyKey: $key }) { __typename } }`,
    at: ['cancelSupplyRequest'],
  },
  'Mutation.offerSupply': {
    operation: `mutation ($later: DateTime!, $key: String!) { offerSupply(input: { organisation: "${NONE}", item: "pzn:00194323", quantity: 1, unit: PACK, until: $later, idempotencyKey: $key }) { __typename } }`,
    at: ['offerSupply'],
  },
  'Mutation.withdrawSupplyOffer': {
    operation: `mutation ($key: String!) { withdrawSupplyOffer(input: { offer: "${NONE}", idempotencyKey: $key }) { __typename } }`,
    at: ['withdrawSupplyOffer'],
  },
  'Mutation.commitSupply': {
    operation: `mutation ($key: String!) { commitSupply(input: { line: "${NONE}", organisation: "${NONE}", quantity: 1, unit: PACK, idempotencyKey: $key }) { __typename } }`,
    at: ['commitSupply'],
  },
  'Mutation.withdrawSupplyCommitment': {
    operation: `mutation ($key: String!) { withdrawSupplyCommitment(input: { commitment: "${NONE}", reason: "the rights table", idempotencyKey: $key }) { __typename } }`,
    at: ['withdrawSupplyCommitment'],
  },
  'Mutation.dispatchShipment': {
    operation: `mutation ($key: String!) { dispatchShipment(input: { commitment: "${NONE}", quantity: 1, unit: PACK, idempotencyKey: $key }) { __typename } }`,
    at: ['dispatchShipment'],
  },
  'Mutation.receiveShipment': {
    operation: `mutation ($key: String!) { receiveShipment(input: { shipment: "${NONE}", quantity: 1, unit: PACK, idempotencyKey: $key }) { __typename } }`,
    at: ['receiveShipment'],
  },
  'Mutation.rejectShipment': {
    operation: `mutation ($key: String!) { rejectShipment(input: { shipment: "${NONE}", quantity: 1, unit: PACK, handling: DESTROY, reason: "the rights table", idempotencyKey: $key }) { __typename } }`,
    at: ['rejectShipment'],
  },
  'Mutation.returnShipment': {
    operation: `mutation ($key: String!) { returnShipment(input: { shipment: "${NONE}", quantity: 1, unit: PACK, reason: "the rights table", idempotencyKey: $key }) { __typename } }`,
    at: ['returnShipment'],
  },
  'Mutation.declareShipmentLost': {
    operation: `mutation ($key: String!) { declareShipmentLost(input: { shipment: "${NONE}", reason: "the rights table", idempotencyKey: $key }) { __typename } }`,
    at: ['declareShipmentLost'],
  },
  'Mutation.declareStorage': {
    operation: `mutation ($key: String!) { declareStorage(input: { organisation: "${NONE}", kind: COLD, unit: PACK, capacity: 1, free: 1, idempotencyKey: $key }) { __typename } }`,
    at: ['declareStorage'],
  },
  'Subscription.supplyRequestChanged': {
    operation:
      'subscription ($beforeSupply: String!) { supplyRequestChanged(after: $beforeSupply) { caughtUp } }',
    at: ['supplyRequestChanged'],
  },
  'Query.shortageNotices': {
    operation: '{ shortageNotices(first: 1) { totalCount } }',
    at: ['shortageNotices'],
  },
  'Query.bridging': {
    operation:
      '{ bridging(item: "pzn:00194323", area: "05", days: 7, demandPerDay: 10) { coveredDays } }',
    at: ['bridging'],
  },
  'Query.makersNear': {
    operation:
      '{ makersNear(item: "pzn:00194323", near: { position: { latitude: 51, longitude: 7 } }) { kilometres } }',
    at: ['makersNear'],
  },
  'Mutation.declareManufacturing': {
    operation:
      'mutation ($facility: ID!, $key: String!) { declareManufacturing(input: { organisation: $facility, item: "pzn:00194323", unit: PACK, method: FORMULA, perDay: 10, idempotencyKey: $key }) { __typename } }',
    at: ['declareManufacturing'],
  },
  'Subscription.organisationChanged': {
    operation:
      'subscription ($beforeSupply: String!) { organisationChanged(after: $beforeSupply) { caughtUp } }',
    at: ['organisationChanged'],
  },
  'Subscription.supplyOfferChanged': {
    operation:
      'subscription ($beforeSupply: String!) { supplyOfferChanged(after: $beforeSupply) { caughtUp } }',
    at: ['supplyOfferChanged'],
  },
  'Subscription.reserveChanged': {
    operation:
      'subscription ($beforeSupply: String!) { reserveChanged(after: $beforeSupply) { caughtUp } }',
    at: ['reserveChanged'],
  },
  'Query.reserves': { operation: '{ reserves(first: 1) { totalCount } }', at: ['reserves'] },
  'Mutation.registerReserve': {
    operation:
      'mutation ($facility: ID!, $key: String!) { registerReserve(input: { organisation: $facility, kind: MEDICAL_PACKET, name: "The rights table", releaseArea: "05", releaseRule: "the rights table", readinessHours: 4, packets: 1, idempotencyKey: $key }) { __typename } }',
    at: ['registerReserve'],
  },
  'Mutation.releaseReserve': {
    operation:
      'mutation ($facility: ID!, $key: String!) { releaseReserve(input: { reserve: $facility, packets: 1, forArea: "05", reason: "the rights table", idempotencyKey: $key }) { __typename } }',
    at: ['releaseReserve'],
  },
  'Mutation.replenishReserve': {
    operation:
      'mutation ($facility: ID!, $key: String!) { replenishReserve(input: { reserve: $facility, packets: 1, idempotencyKey: $key }) { __typename } }',
    at: ['replenishReserve'],
  },
  'Query.deviceFault': {
    operation: `{ deviceFault(id: "${NONE}") { id } }`,
    at: ['deviceFault'],
    by: Object.fromEntries(READS_SUPPLY.map((role) => [role, SEES_NO_FAULT])),
  },
  'Query.deviceFaults': {
    operation: '{ deviceFaults(first: 1) { totalCount } }',
    at: ['deviceFaults'],
  },
  'Mutation.reportDeviceFault': {
    operation:
      'mutation ($facility: ID!, $now: DateTime!, $key: String!) { reportDeviceFault(input: { facility: $facility, kind: CT, failedDevices: 1, devices: 1, source: "the rights table", observedAt: $now, idempotencyKey: $key }) { __typename } }',
    at: ['reportDeviceFault'],
    atFacility: ['service'],
  },
  'Mutation.acknowledgeDeviceFault': {
    operation: `mutation ($key: String!) { acknowledgeDeviceFault(input: { fault: "${NONE}", idempotencyKey: $key }) { __typename } }`,
    at: ['acknowledgeDeviceFault'],
  },
  'Mutation.dispatchTechnician': {
    operation: `mutation ($later: DateTime!, $key: String!) { dispatchTechnician(input: { fault: "${NONE}", expectedAt: $later, idempotencyKey: $key }) { __typename } }`,
    at: ['dispatchTechnician'],
  },
  'Mutation.proposeDeviceFaultClosing': {
    operation: `mutation ($key: String!) { proposeDeviceFaultClosing(input: { fault: "${NONE}", resolution: REPAIRED, idempotencyKey: $key }) { __typename } }`,
    at: ['proposeDeviceFaultClosing'],
  },
  'Mutation.closeDeviceFault': {
    operation: `mutation ($key: String!) { closeDeviceFault(input: { fault: "${NONE}", resolution: REPAIRED, idempotencyKey: $key }) { __typename } }`,
    at: ['closeDeviceFault'],
  },
  'Subscription.deviceFaultChanged': {
    operation:
      'subscription ($beforeSupply: String!) { deviceFaultChanged(after: $beforeSupply) { caughtUp } }',
    at: ['deviceFaultChanged'],
  },
  'Facility.deviceFaults': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { deviceFaults { id } } }',
    at: ['facility', 'deviceFaults'],
  },
  'Query.supplyRisks': {
    operation: '{ supplyRisks(first: 1) { totalCount } }',
    at: ['supplyRisks'],
  },
  'Mutation.declareSupplyChain': {
    operation:
      'mutation ($facility: ID!, $key: String!) { declareSupplyChain(input: { organisation: $facility, item: "pzn:00194323", links: [], idempotencyKey: $key }) { __typename } }',
    at: ['declareSupplyChain'],
  },
};
