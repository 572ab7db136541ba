import { may, permit, type Caller } from '../../../shared/identity/index.js';
import {
  connectionResolvers,
  cursorCodec,
  type Page,
  pageLength,
  pageOf,
} from '../../../shared/lists/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Phase, RegionLevel, Resolvers } from '../generated/graphql.js';
import { detailAt, detailOf, seesArea } from './access.js';
import { areasOfRegion, byRegion, liesIn } from './overview.js';
import { staffedBeds, BINDING_GROUPS } from './rules.js';
import { numbersOf, type StaffRow, sumsOf, type VisibleNumbers, visiblyEffective } from './sums.js';

/** An overview of an area that a caller requests: its numbers are computed when they are selected. */
export interface OverviewRef {
  area: string;
  phase: Phase;
}

/** Facilities with their staff, as far as the caller sees them. */
export type FacilityStaffingPage = Page<{ facility: { id: string }; groups: VisibleNumbers[] }>;

const facilityCursor = cursorCodec<string>({
  textOf: (id) => id,
  positionOf: (text) => (isUuid(text) ? text : undefined),
});

export const staffingResolvers: Resolvers = {
  Query: {
    staffing: (_, { area, phase }, { caller }) => {
      permit(caller, 'personnel:read');
      return { area, phase };
    },
  },
  StaffingOverview: {
    region: ({ area }) => ({ code: area || 'DE' }),
    total: async ({ area, phase }, _, { caller, staffing }) =>
      seesArea(caller, area) ? sumsOf(await staffing.ofArea(area, phase), phase, [area]) : null,
    regions: async ({ area, phase }, { level }, { caller, staffing }) => {
      if (!seesLevel(caller, area, level)) return null;
      if (!liesIn(level, area)) return [];
      const regions = byRegion(await staffing.ofArea(area, phase), level);
      return regions.map(([code, rows]) => ({
        region: { code },
        groups: sumsOf(rows, phase, areasOfRegion(code)),
      }));
    },
    facilities: async ({ area, phase }, { first, after }, { caller, staffing }) => {
      const length = pageLength(first);
      const start = facilityCursor.read(after);
      const visible = may(caller, 'staffing:read')
        ? facilitiesOf(await staffing.ofArea(area, phase), phase, caller)
        : [];
      const behind = start === undefined ? visible : visible.filter(({ id }) => id > start);
      return {
        ...pageOf(behind.slice(0, length + 1), length, {
          cursorOf: ({ id }) => facilityCursor.write(id),
          nodeOf: ({ id, groups }) => ({ facility: { id }, groups }),
          hasPreviousPage: start !== undefined,
        }),
        totalCount: () => Promise.resolve(visible.length),
      };
    },
  },
  FacilityStaffingConnection: connectionResolvers,
  Facility: {
    staffing: async ({ id }, { phase }, { caller, facilities, staffing }) => {
      const detail = await detailAt(id, caller, facilities);
      return detail === 'NONE'
        ? null
        : numbersOf(await staffing.ofFacility(id, phase), phase, detail);
    },
    staffedBeds: async ({ id }, { phase }, { caller, facilities, staffing }) => {
      const detail = await detailAt(id, caller, facilities);
      if (detail === 'NONE') return null;
      const [beds, rows] = await Promise.all([
        staffing.operableBeds(id),
        staffing.ofFacility(id, phase),
      ]);
      const staff = rows.map((row) => ({
        group: row.group,
        everyday: row.everyday,
        inPhase: visiblyEffective(row, detail),
      }));
      return beds.map(({ category, operable }) => ({
        category,
        operable,
        beds: staffedBeds(category, operable, staff),
        modelled: rows.some(
          ({ group, modelled }) => modelled > 0 && BINDING_GROUPS[category].includes(group),
        ),
      }));
    },
  },
  Region: {
    staffing: async ({ code }, { phase }, { caller, staffing }) => {
      if (!may(caller, 'personnel:read')) return null;
      const areas = areasOfRegion(code);
      if (!areas.every((area) => seesArea(caller, area))) return null;
      const rows = await Promise.all(areas.map((area) => staffing.ofArea(area, phase)));
      return sumsOf(rows.flat(), phase, areas);
    },
  },
};

/** Regions of a level can be seen where every one of them can: those of Länder always, smaller ones by who may see the whole area. */
function seesLevel(caller: Caller, area: string, level: RegionLevel): boolean {
  if (!seesArea(caller, area)) return false;
  return level === 'KREIS' || level === 'REGIERUNGSBEZIRK'
    ? may(caller, 'staffing:read', { area })
    : true;
}

function facilitiesOf(rows: readonly StaffRow[], phase: Phase, caller: Caller) {
  const groups = new Map<string, StaffRow[]>();
  for (const row of rows) {
    const known = groups.get(row.facility);
    if (known) known.push(row);
    else groups.set(row.facility, [row]);
  }
  return [...groups].flatMap(([id, own]) => {
    const detail = detailOf(caller, { id, area: own[0]!.area });
    return detail === 'NONE' ? [] : [{ id, groups: numbersOf(own, phase, detail) }];
  });
}
