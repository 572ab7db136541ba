import { callersFault, throwIfFault } from '../../../shared/errors/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { type Caller, may, permit, reachOf } from '../../../shared/identity/index.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { regionOf } from '../capacity-client/rules.js';
import { pageLength } from '../../../shared/lists/index.js';
import type { FacilityStore } from '../facilities/index.js';
import { unknownFacility } from '../facilities/rules.js';
import type { NearInput, Resolvers, Unit } from '../generated/graphql.js';
import { availableOf, neededOf, sumOf, unknownItem, wrongUnit } from '../items/rules.js';
import { unknownOrganisation } from '../organisations/rules.js';
import { stockVisibilityOf } from '../stocks/index.js';
import {
  bridgingFault,
  coverageOf,
  declarationFault,
  demandFault,
  nearestFirst,
  nearFault,
  USUAL_KILOMETRES,
  planBridging,
} from './rules.js';
import type { Circle, ManufacturingRow, ManufacturingStore } from './store.js';

/** The most makers that are listed. */
const MOST_LISTED = 500;
const NO_DEMAND =
  'No stock that you may see in the area states an average consumption of the item, so its demand is not known. Give demandPerDay, in the unit of the item.';

export const manufacturingResolvers: Resolvers = {
  Query: {
    makersNear: async (_, { item: reference, near, methods, first }, context) => {
      const { caller, items, manufacturing } = context;
      permit(caller, 'manufacturing:read');
      const most = pageLength(first);
      const item = await items.find(reference);
      if (!item) throw callersFault('BAD_USER_INPUT', unknownItem(reference).message);
      const circle = await circleOf(near, context);
      return manufacturing.makersNear(item.id, circle, methods ?? null, most);
    },
    bridging: async (_, { item: reference, area, days, demandPerDay, near }, context) => {
      const { caller, items, manufacturing, now } = context;
      permit(caller, 'manufacturing:read');
      throwIfFault(bridgingFault(days, demandPerDay));
      const item = await items.find(reference);
      if (!item) throw callersFault('BAD_USER_INPUT', unknownItem(reference).message);
      const [{ stock, demandPerDay: stated, ...modelled }, makers] = await Promise.all([
        manufacturing.stockIn(item.id, area, stockVisibilityOf(caller)),
        manufacturing.makersOf(item.id, area, near ? await circleOf(near, context) : undefined),
      ]);
      const demand = demandPerDay ?? stated;
      if (demand === 0) throw callersFault('BAD_USER_INPUT', NO_DEMAND);
      const modelledDemandPerDay = demandPerDay == null ? modelled.modelledDemandPerDay : 0;
      const given = { item: item.id, area, days, demandPerDay: demand, stock };
      return bridgingOf({ ...given, ...modelled, modelledDemandPerDay }, item.unit, makers, now);
    },
  },
  Shortage: {
    bridging: async (stock, { days }, { caller, items, manufacturing, now }) => {
      if (!may(caller, 'manufacturing:read')) return null;
      throwIfFault(bridgingFault(days, null));
      const { itemId: item, area, averageConsumption, modelled } = stock;
      const quantity = sumOf(stock.quantity, -stock.unusableQuantity);
      const { unit } = await items.get({ id: item });
      const demandPerDay = averageConsumption!;
      return bridgingOf(
        {
          item,
          area,
          days,
          demandPerDay,
          stock: quantity,
          modelledStock: modelled ? quantity : 0,
          modelledDemandPerDay: modelled ? demandPerDay : 0,
        },
        unit,
        nearestFirst(await manufacturing.makersOfItem(item), area),
        now,
      );
    },
  },
  NearMaker: {
    manufacturing: (row) => row,
  },
  Mutation: {
    declareManufacturing: async (_, { input }, { caller, items, manufacturing, organisations }) => {
      if (!may(caller, 'organisations:register')) permit(caller, 'supplies:offer');
      throwIfFault(declarationFault(input));
      const organisation = await organisations.find(input.organisation);
      if (!organisation) return unknownOrganisation(input.organisation);
      const { area, id } = organisation;
      if (!actsFor(caller, id)) permit(caller, 'organisations:register', { area });
      const item = await items.find(input.item);
      if (!item) return unknownItem(input.item);
      const refusal = wrongUnit(item, input.unit);
      if (refusal) return refusal;
      const outcome = await manufacturing.declare(input, { item: item.id, area }, caller);
      return isRefused(outcome) ? outcome : withTypename(await manufacturing.get(outcome.id));
    },
  },
  Organisation: {
    manufacturing: ({ id }, _, { caller, manufacturing }) => {
      const isShown =
        may(caller, 'manufacturing:read') || reachOf(caller, {}).organisations.includes(id);
      return isShown ? manufacturing.ofOrganisation(id) : null;
    },
  },
  Manufacturing: {
    organisation: ({ organisationId }) => ({ id: organisationId }),
    item: ({ itemId }) => ({ id: itemId }),
    coverage: (row, { demandPerDay }) => {
      throwIfFault(demandFault(demandPerDay));
      return coverageOf(row, demandPerDay);
    },
  },
};

/** Returns how far a stock and the makers, in the order given, meet a demand. */
function bridgingOf(
  {
    item,
    ...given
  }: {
    item: string;
    area: string;
    days: number;
    demandPerDay: number;
    stock: number;
    modelledStock: number;
    modelledDemandPerDay: number;
  },
  unit: Unit,
  makers: readonly ManufacturingRow[],
  now: Date,
) {
  const { area, days } = given;
  const plan = planBridging(given.demandPerDay, given.stock, days, makers);
  const rows = new Map(makers.map((maker) => [maker.id, maker]));
  return {
    ...given,
    stock: availableOf(unit, given.stock),
    modelledStock: availableOf(unit, given.modelledStock),
    item: { id: item },
    region: regionOf(area),
    stockDays: plan.stockDays,
    coveredDays: plan.coveredDays,
    uncovered: neededOf(unit, plan.uncovered),
    productionCoversFromDay: plan.productionCoversFromDay,
    uncoveredFromDay: plan.coveredDays === days ? null : plan.coveredDays + 1,
    coveredUntil: endOf(plan.coveredDays, now),
    makers: plan.contributions.slice(0, MOST_LISTED).map((one) => ({
      quantity: availableOf(unit, one.quantity),
      firstDay: one.firstDay,
      lastDay: one.lastDay,
      until: endOf(one.lastDay, now),
      manufacturing: rows.get(one.id)!,
    })),
  };
}

/** Returns the position that a distance is measured from. Throws BAD_USER_INPUT for one that does not exist. */
async function circleOf(
  near: NearInput,
  { facilities, manufacturing }: { facilities: FacilityStore; manufacturing: ManufacturingStore },
): Promise<Circle> {
  throwIfFault(nearFault(near));
  const { facility, position, kilometres = USUAL_KILOMETRES } = near;
  if (facility == null) return { ...position!, kilometres };
  if ((await facilities.areaOf(facility)) === undefined) {
    throw callersFault('BAD_USER_INPUT', unknownFacility(facility).message);
  }
  return { ...(await manufacturing.positionOf(facility)), kilometres };
}

function actsFor(caller: Caller, organisation: string): boolean {
  return may(caller, 'supplies:offer', { organisation });
}

function withTypename<Row extends object>(row: Row) {
  return { __typename: 'Manufacturing' as const, ...row };
}

function endOf(day: number, now: Date): Date {
  return new Date(now.getTime() + day * DAY_MS);
}
