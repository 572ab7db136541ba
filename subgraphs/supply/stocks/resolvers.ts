import { asHeavyRead } from '../../../shared/database/index.js';
import { callersFault, throwIfFault } from '../../../shared/errors/index.js';
import { tooManyFault } from '../../../shared/validation/rules.js';
import { permit } from '../../../shared/identity/index.js';
import { nodesOf, pageInfoOf, pageLength } from '../../../shared/lists/index.js';
import { type Change, watch } from '../../../shared/outbox/index.js';
import { requireFacility } from '../facilities/index.js';
import type { Resolvers } from '../generated/graphql.js';
import type { ItemStore } from '../items/index.js';
import { seesStocksOf, stockVisibilityOf } from './visibility.js';
import { dutyWithId } from './duties.js';
import { availableOf, sumOf, unknownItem } from '../items/rules.js';
import { nextDelivery, usableDays } from './rules.js';
import { changesOf, isVisibleChange } from './events.js';

/** The most bookings of one call. */
const MOST_BOOKINGS = 1_000;
const CONNECTION = { nodes: nodesOf, pageInfo: pageInfoOf };

export const stockResolvers: Resolvers = {
  Query: {
    stock: async (_, { id }, { caller, stocks }) => {
      permit(caller, 'supply:read');
      return (await stocks.find(id)) ?? null;
    },
    stocks: async (_, { filter, first, after }, { caller, stocks, items }) => {
      permit(caller, 'supply:read');
      const length = pageLength(first);
      const { area, facility, organisation, item, belowDays, sameSubstance } = filter ?? {};
      if (facility != null && organisation != null) {
        throw callersFault(
          'BAD_USER_INPUT',
          'A stock belongs to a facility or to an organisation; received both in the filter. Give one of them.',
        );
      }
      const conditions = {
        area: area ?? null,
        holder: facility ?? organisation ?? null,
        item: await itemIdOf(item, items),
        belowDays: belowDays ?? null,
        sameSubstance: sameSubstance ?? false,
      };
      return asHeavyRead(() => stocks.page(conditions, length, after));
    },
  },
  Mutation: {
    bookStock: async (_, { input }, { caller, stockBookings }) => {
      permit(caller, 'stocks:book');
      return stockBookings.book(input, caller);
    },
    bookStocks: (_, { input }, { caller, stockBookings }) => {
      permit(caller, 'stocks:book');
      const { length } = input.bookings;
      throwIfFault(tooManyFault('bookings', length, MOST_BOOKINGS));
      return stockBookings.bookAll(input, caller);
    },
  },
  Subscription: {
    stockChanged: {
      subscribe: async (_, { area, facility, item, after }, context) => {
        const { caller, facilities, items } = context;
        permit(caller, 'supply:read');
        await requireFacility(facility, facilities);
        const isMeant = changesOf({ area, facility, item: await itemIdOf(item, items) });
        const visibility = stockVisibilityOf(caller);
        return watch(context, {
          after,
          readAhead: (page, ids) => page.stocks.readAhead(ids),
          matches: (event) => isVisibleChange(visibility, event) && isMeant(event),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  StockChange: {
    stock: async ({ entity }, _, { stocks }) =>
      entity === null ? null : ((await stocks.find(entity)) ?? null),
  },
  Facility: {
    stocks: async ({ id }, { item, belowDays, first }, { caller, facilities, items, stocks }) => {
      permit(caller, 'supply:read');
      const length = pageLength(first);
      const area = await facilities.areaOf(id);
      const isSeen =
        area !== undefined &&
        seesStocksOf(stockVisibilityOf(caller), { holder: { facility: id }, area });
      if (!isSeen) return null;
      return stocks.ofFacility(id, await itemIdOf(item, items), belowDays ?? null, length);
    },
  },
  Stock: {
    __resolveReference: async ({ id }, { caller, stocks }) => {
      permit(caller, 'supply:read');
      return (await stocks.find(id)) ?? null;
    },
    facility: ({ holderKind, holderId }) => (holderKind === 'FACILITY' ? { id: holderId } : null),
    organisation: ({ holderKind, holderId }) =>
      holderKind === 'ORGANISATION' ? { id: holderId } : null,
    item: ({ itemId }) => ({ id: itemId }),
    currentConsumption: (stock, _, { stocks }) => stocks.currentConsumption(stock),
    usableQuantity: async ({ itemId, quantity, unusableQuantity }, _, { items }) => {
      if (unusableQuantity === 0) return quantity;
      const { unit } = await items.get({ id: itemId });
      return availableOf(unit, sumOf(quantity, -unusableQuantity));
    },
    daysOfCover: (stock) => (stock.daysOfCover === Infinity ? null : stock.daysOfCover),
    daysOfCoverAtCurrentDemand: async (stock, _, { now, stocks }) =>
      usableDays(
        (await stocks.batchesOf(stock.id)).map(({ unusable, ...batch }) => ({
          ...batch,
          isRecalled: unusable === 'RECALLED',
        })),
        await stocks.currentConsumption(stock),
        now,
      ),
    sameSubstance: ({ id }, _, { stocks }) => stocks.sameSubstanceAs(id),
    duty: ({ dutyRule }) => (dutyRule === null ? null : dutyWithId(dutyRule)),
    belowDuty: ({ daysOfCover: days, requiredDays }) =>
      requiredDays !== null && days < requiredDays,
    method: ({ modelled }) => (modelled ? 'MODELLED' : 'REPORTED'),
    averageConsumptionMethod: ({ averageConsumption, consumptionModelled }) => {
      if (averageConsumption === null) return null;
      return consumptionModelled ? 'MODELLED' : 'REPORTED';
    },
    modelRule: ({ modelled, modelRule }) => (modelled ? modelRule : null),
    renewal: (stock) => (stock.renewsAt === null ? null : stock),
    batches: ({ id }, _, { stocks }) => stocks.batchesOf(id),
    bookings: ({ id }, { first, after }, { stocks }) =>
      stocks.history(id, pageLength(first), after),
  },
  StockDuty: {
    rule: ({ id }) => id,
  },
  StockRenewal: {
    everyDays: ({ renewalDays }) => renewalDays!,
    upTo: ({ renewalQuantity }) => renewalQuantity!,
    next: ({ renewsAt, renewalDays }, _, { now }) => nextDelivery(renewsAt!, renewalDays!, now),
  },
  StockBooking: {
    stock: async (ref, _, { stocks }) => stocks.get((await stocks.booking(ref.id)).stockId),
    kind: async ({ id }, _, { stocks }) => (await stocks.booking(id)).kind,
    batch: async ({ id }, _, { stocks }) => (await stocks.booking(id)).batch,
    change: async ({ id }, _, { stocks }) => (await stocks.booking(id)).change,
    counted: async ({ id }, _, { stocks }) => (await stocks.booking(id)).counted,
    quantityAfter: async ({ id }, _, { stocks }) => (await stocks.booking(id)).quantityAfter,
    minimum: async ({ id }, _, { stocks }) => (await stocks.booking(id)).minimum,
    averageConsumption: async ({ id }, _, { stocks }) =>
      (await stocks.booking(id)).averageConsumption,
    reason: async ({ id }, _, { stocks }) => (await stocks.booking(id)).reason,
    corrections: ({ id }, _, { stocks }) => stocks.correctionsOf(id),
    by: async ({ id }, _, { stocks }) => (await stocks.booking(id)).by,
    at: async ({ id }, _, { stocks }) => (await stocks.booking(id)).at,
    recordedAt: async ({ id }, _, { stocks }) => (await stocks.booking(id)).recordedAt,
  },
  StockConnection: CONNECTION,
  StockBookingConnection: CONNECTION,
};

/** Returns the id of the item that a reference names; null where none is named. Throws BAD_USER_INPUT for one that names no item. */
async function itemIdOf(
  reference: string | null | undefined,
  items: ItemStore,
): Promise<string | null> {
  if (reference == null) return null;
  const item = await items.find(reference);
  if (!item) throw callersFault('BAD_USER_INPUT', unknownItem(reference).message);
  return item.id;
}
