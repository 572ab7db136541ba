import { areaToday } from '../../../shared/areas/index.js';
import { idOfKey } from '../../../shared/database/index.js';
import { kindFromName } from '../facilities/rules.js';
import type { Kleeblatt } from '../generated/graphql.js';
import type { Facility } from '../generated/prisma/client.js';
import type { CsvRow, ReferenceFiles } from './files.js';

/** A facility of the reference data; `area` is the Kreis today, for a former one in the list its successor. */
export type FacilityRecord = Omit<Facility, 'createdAt' | 'declaredId'>;

/** A helipad this near belongs to the site, as far as the map shows: hospitals keep theirs on the roof or the grounds. */
const HELIPAD_KILOMETRES = 0.5;

/** The hospital sites, and a placeholder for every Kreis that has beds but no known site. */
export function facilityRecords({
  sites,
  corrections,
  placeholders,
  helipads,
}: ReferenceFiles): FacilityRecord[] {
  const corrected = new Map(corrections.map((row) => [row['standort_id'], row]));
  const pads = helipads.map(({ lat, lon }) => ({ latitude: Number(lat), longitude: Number(lon) }));
  return [
    ...sites.map((row) => site({ ...row, ...corrected.get(row['standort_id']) }, pads)),
    ...placeholders.map(placeholder),
  ];
}

function site(row: CsvRow, pads: Point[]): FacilityRecord {
  const {
    standort_id,
    ik,
    name,
    standort_name,
    kreis_ags,
    kleeblatt,
    lat,
    lon,
    strasse,
    hausnummer,
    plz,
    ort,
  } = row;
  const position = { latitude: Number(lat), longitude: Number(lon) };
  return {
    id: idOfKey(`facility site ${standort_id}`),
    siteNumber: standort_id!,
    ik: ik || null,
    name: siteName(name!, standort_name!),
    kind: kindFromName(`${name} ${standort_name}`),
    area: areaToday(kreis_ags!)!,
    kleeblatt: kleeblatt as Kleeblatt,
    ...position,
    street: [strasse, hausnummer].filter(Boolean).join(' ') || null,
    postcode: plz || null,
    city: ort || null,
    capabilities: pads.some((pad) => isWithin(position, pad, HELIPAD_KILOMETRES))
      ? ['HELIPAD']
      : [],
  };
}

function placeholder({ kreis_ags, name, kleeblatt, lat, lon }: CsvRow): FacilityRecord {
  return {
    id: idOfKey(`facility placeholder ${kreis_ags}`),
    siteNumber: null,
    ik: null,
    name: name!,
    kind: 'PLACEHOLDER',
    area: areaToday(kreis_ags!)!,
    kleeblatt: kleeblatt as Kleeblatt,
    latitude: Number(lat),
    longitude: Number(lon),
    street: null,
    postcode: null,
    city: null,
    capabilities: [],
  };
}

/** The operator's name, with the site's where it says more than "main site". */
function siteName(operator: string, site: string): string {
  if (!site || site === operator || /^hauptstandort$/i.test(site)) return operator;
  return `${operator}, ${site}`;
}

interface Point {
  latitude: number;
  longitude: number;
}

const KM_PER_DEGREE = 111.2;

/** Near enough on a plane: half a kilometre is flat. */
function isWithin(a: Point, b: Point, kilometres: number): boolean {
  const north = (a.latitude - b.latitude) * KM_PER_DEGREE;
  if (Math.abs(north) > kilometres) return false;
  const east = (a.longitude - b.longitude) * KM_PER_DEGREE * Math.cos((a.latitude * Math.PI) / 180);
  return north ** 2 + east ** 2 <= kilometres ** 2;
}
