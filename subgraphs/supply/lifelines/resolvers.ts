import { isInAreas } from '../../../shared/identity/rules.js';
import { asHeavyRead } from '../../../shared/database/index.js';
import { throwIfFault } from '../../../shared/errors/index.js';
import { tooManyFault } from '../../../shared/validation/rules.js';
import {
  actorOf,
  type Caller,
  forbidden,
  may,
  permit,
  reachOf,
} from '../../../shared/identity/index.js';
import { nodesOf, pageInfoOf, pageLength } from '../../../shared/lists/index.js';
import { type Change, tagFilter, watch } from '../../../shared/outbox/index.js';
import { MINUTE_MS } from '../../../shared/time/rules.js';
import { unknownFacility } from '../facilities/rules.js';
import { type FacilityStore, requireFacility } from '../facilities/index.js';
import type { ReportLifelineInput, Resolvers } from '../generated/graphql.js';
import { concernsHours, facilityOf, isOfLifeline } from './events.js';
import { sees, lifelineVisibilityOf, REPORT_BY_AREA } from './visibility.js';
import { belowFault } from './rules/filters.js';
import { UNIT_OF } from './rules/kinds.js';
import { enduranceOf, hoursUntil, isOverdue, shownLevel, statusOf } from './rules/levels.js';
import { concernsOf } from './rules/concerns.js';
import { countedOf } from './rules/limits.js';
import { judgeReport } from './rules/reports.js';
import type { LifelineReports } from './store-reports.js';
import type { LifelineStore } from './store.js';

/** The most reports of one call. */
const MOST_REPORTS = 1_000;

export const lifelineResolvers: Resolvers = {
  Query: {
    lifelines: (_, { filter, first, after }, { caller, lifelines }) => {
      permit(caller, 'lifelines:read');
      throwIfFault(belowFault(filter?.below));
      const length = pageLength(first);
      return asHeavyRead(() =>
        lifelines.page(filter ?? {}, lifelineVisibilityOf(caller), length, after),
      );
    },
  },
  Mutation: {
    reportLifeline: async (_, { input }, context) => {
      const [outcome] = await report([input], context);
      if (outcome instanceof Error) throw outcome;
      return outcome!;
    },
    reportLifelines: async (_, { input: { reports } }, context) => {
      throwIfFault(tooManyFault('reports', reports.length, MOST_REPORTS));
      // An Error in a list becomes null there and an error with its position: the caller sees which report lacked the right.
      const outcomes = await report(reports, context);
      return { outcomes: outcomes as Exclude<(typeof outcomes)[number], Error>[] };
    },
  },
  Subscription: {
    lifelineChanged: {
      subscribe: async (_, { area, facility, below, after }, context) => {
        const { caller, facilities } = context;
        permit(caller, 'lifelines:read');
        throwIfFault(belowFault(below));
        await requireFacility(facility, facilities);
        const visible = lifelineVisibilityOf(caller);
        const concernsFacility = tagFilter('facility', facility);
        return watch(context, {
          after,
          matches: (event) =>
            isOfLifeline(event) &&
            event.area.startsWith(area ?? '') &&
            sees(visible, facilityOf(event), event.area) &&
            concernsFacility(event) &&
            concernsHours(event, below),
          readAhead: (page, ids) => page.lifelines.readAhead(ids),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  LifelineChange: {
    lifeline: ({ entity }, _, { lifelines }) => (entity === null ? null : lifelines.get(entity)),
  },
  Item: {
    feeds: async (ref, _, { items }) => {
      const { lifeline: kind, lifelineQuantity: quantity } = await items.get(ref);
      return kind === null || quantity === null ? null : { kind, quantity, unit: UNIT_OF[kind] };
    },
  },
  Facility: {
    lifelines: async ({ id }, { kind }, { caller, facilities, lifelines }) => {
      if (!may(caller, 'lifelines:read')) return null;
      if (!(await isVisible(id, caller, facilities))) return [];
      const all = await lifelines.of(id);
      return kind == null ? all : all.filter((one) => one.kind === kind);
    },
    minHoursRemaining: async ({ id }, _, { caller, facilities, lifelines, now }) => {
      if (!may(caller, 'lifelines:read') || !(await isVisible(id, caller, facilities))) return null;
      const failing = (await lifelines.of(id)).flatMap(({ failsAt }) => failsAt ?? []);
      return failing.length === 0 ? null : Math.min(...failing.map((at) => hoursUntil(at, now)));
    },
  },
  Lifeline: {
    facility: ({ facilityId }) => ({ id: facilityId }),
    unit: ({ kind }) => UNIT_OF[kind],
    stock: (lifeline, _, { now }) => shownLevel(lifeline, now),
    enduranceHours: (lifeline, _, { now }) => enduranceOf(lifeline, now) ?? null,
    hoursRemaining: ({ failsAt }, _, { now }) => failsAt && hoursUntil(failsAt, now),
    nextDelivery: (lifeline, _, { now }) =>
      lifeline.deliveryAt === null || isOverdue(lifeline, now)
        ? null
        : { at: lifeline.deliveryAt, quantity: lifeline.deliveryQuantity ?? 0 },
    status: (lifeline, _, { now }) => statusOf(lifeline, lifeline.failsAt, now),
    provenance: (lifeline) => lifeline,
    ageMinutes: ({ observedAt }, _, { now }) =>
      Math.max(0, Math.floor((now.getTime() - observedAt.getTime()) / MINUTE_MS)),
    limitsBeds: async (lifeline, _, { lifelines, now }) =>
      countedOf(lifeline, await lifelines.reportedDemandOf(lifeline.facilityId), now) !== undefined,
    concerns: (lifeline, _, { now }) => concernsOf(lifeline, now),
    reports: ({ id }, { first }, { lifelines }) => lifelines.reportsOn(id, pageLength(first)),
  },
  LifelineObservation: {
    nextDelivery: ({ deliveryAt, deliveryQuantity }) =>
      deliveryAt === null ? null : { at: deliveryAt, quantity: deliveryQuantity ?? 0 },
  },
  LifelineConnection: {
    nodes: nodesOf,
    pageInfo: pageInfoOf,
  },
};

async function report(
  reports: readonly ReportLifelineInput[],
  context: {
    caller: Caller;
    lifelineReports: LifelineReports;
    lifelines: LifelineStore;
    now: Date;
  },
) {
  const { caller, lifelineReports, lifelines, now } = context;
  permit(caller, 'lifelines:report');
  const outcomes = await lifelineReports.report(reports, actorOf(caller), (input, facility) => {
    if (!facility) return unknownFacility(input.facility);
    if (!mayReport(caller, facility)) return forbidden(caller, 'lifelines:report');
    return judgeReport(input, may(caller, 'lifelines:report', { facility: facility.id }), now);
  });
  return Promise.all(
    outcomes.map(async (outcome) => {
      if (!('id' in outcome)) return outcome;
      const { id, ...rest } = outcome;
      const lifeline = await lifelines.get(id);
      return rest.__typename === 'Lifeline' ? { ...lifeline, ...rest } : { ...rest, lifeline };
    }),
  );
}

/** The facility itself, a service whose token names it, and crisis staff of its area; a service never by an area. */
function mayReport(caller: Caller, { id, area }: { id: string; area: string }): boolean {
  const scope = 'lifelines:report';
  if (may(caller, scope, { facility: id })) return true;
  const { areas } = reachOf(caller, { scope, roles: REPORT_BY_AREA });
  return isInAreas(areas, area);
}

async function isVisible(id: string, caller: Caller, facilities: FacilityStore): Promise<boolean> {
  const visible = lifelineVisibilityOf(caller);
  if (visible.facilities.includes(id)) return true;
  const area = visible.areas.length > 0 ? await facilities.areaOf(id) : undefined;
  return area !== undefined && sees(visible, id, area);
}
