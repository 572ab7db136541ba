import { asHeavyRead } from '../../../shared/database/index.js';
import { callersFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { nodesOf, pageInfoOf, pageLength } from '../../../shared/lists/index.js';
import { regionOf } from '../capacity-client/rules.js';
import type { Resolvers } from '../generated/graphql.js';
import { neededOf, sumOf, unknownItem } from '../items/rules.js';
import { stockVisibilityOf } from '../stocks/index.js';
import { shownCount, shownSum } from './rules.js';
import { areasOfNeeds } from './visibility.js';

const CONNECTION = { nodes: nodesOf, pageInfo: pageInfoOf };

export const shortageResolvers: Resolvers = {
  Query: {
    shortages: (_, { area, first, after }, { caller, stocks }) => {
      permit(caller, 'supply:read');
      const length = pageLength(first);
      const conditions = { area, holder: null, item: null, belowDays: null, belowDuty: true };
      return asHeavyRead(() => stocks.page(conditions, length, after));
    },
    needs: async (_, { area, item, first, after }, { caller, items, needs }) => {
      permit(caller, 'supply:read');
      const length = pageLength(first);
      const found = item == null ? undefined : await items.find(item);
      if (item != null && !found) {
        throw callersFault('BAD_USER_INPUT', unknownItem(item).message);
      }
      const visible = { areas: areasOfNeeds(caller), own: stockVisibilityOf(caller).holders };
      return asHeavyRead(() => needs.page(area, found?.id ?? null, length, after, visible));
    },
  },
  Shortage: {
    item: ({ itemId }) => ({ id: itemId }),
    stock: (stock) => stock,
    notices: ({ itemId }, _, { shortageNotices }) => shortageNotices.ofItem(itemId),
    missing: async (stock, _, { items }) => {
      const { requiredDays, averageConsumption, quantity, unusableQuantity, itemId } = stock;
      const { unit } = await items.get({ id: itemId });
      const required = requiredDays! * averageConsumption!;
      return neededOf(unit, sumOf(required - (quantity - unusableQuantity)));
    },
  },
  SupplyNeed: {
    region: ({ area }) => regionOf(area),
    item: ({ itemId }) => ({ id: itemId }),
    missing: async ({ itemId, missing }, _, { items }) =>
      neededOf((await items.get({ id: itemId })).unit, shownSum(missing)),
    facilities: ({ facilities }) => shownCount(facilities),
  },
  ShortageConnection: CONNECTION,
  SupplyNeedConnection: CONNECTION,
};
