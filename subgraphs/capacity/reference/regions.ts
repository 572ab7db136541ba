import type { Kleeblatt, Region } from '../generated/prisma/client.js';
import type { CsvRow, ReferenceFiles } from './files.js';

/** Names of the Kleeblätter as the federal and Land authorities write them. */
const KLEEBLATT_NAMES: Record<string, string> = {
  NORD: 'Kleeblatt Nord',
  OST: 'Kleeblatt Ost',
  SUED: 'Kleeblatt Süd',
  SUEDWEST: 'Kleeblatt Südwest',
  WEST: 'Kleeblatt West',
};

type NamedRegion = Pick<Region, 'code' | 'level' | 'name' | 'parentCode' | 'kleeblatt'>;

/**
 * Returns every region from Kreis to country. A region above a Kreis has the sum of its Kreise's inhabitants, and as its
 * position the mean of their centroids, weighted by their inhabitants.
 */
export function regionRecords({ kreise, regierungsbezirke, laender }: ReferenceFiles): Region[] {
  const kleeblattOf = new Map(
    laender.map((land) => [land['land_ags']!, land['kleeblatt'] as Kleeblatt]),
  );
  const recordOf = (region: NamedRegion, kreiseWithin: readonly CsvRow[]): Region => ({
    ...region,
    ...populationOf(kreiseWithin),
  });
  const recordOfAgs = ({ code, ...region }: Omit<NamedRegion, 'kleeblatt'>): Region =>
    recordOf(
      { ...region, code, kleeblatt: kleeblattOf.get(code.slice(0, 2))! },
      kreise.filter(({ ags }) => ags!.startsWith(code)),
    );

  return [
    recordOf(
      { code: 'DE', level: 'COUNTRY', name: 'Deutschland', parentCode: null, kleeblatt: null },
      kreise,
    ),
    ...Object.entries(KLEEBLATT_NAMES).map(([code, name]) =>
      recordOf(
        { code, level: 'KLEEBLATT', name, parentCode: 'DE', kleeblatt: code as Kleeblatt },
        kreise.filter(({ ags }) => kleeblattOf.get(ags!.slice(0, 2)) === code),
      ),
    ),
    ...laender.map((land) =>
      recordOfAgs({
        code: land['land_ags']!,
        level: 'LAND',
        name: land['land_name']!,
        parentCode: land['kleeblatt']!,
      }),
    ),
    ...regierungsbezirke.map(({ ags, name }) =>
      recordOfAgs({
        code: ags!,
        level: 'REGIERUNGSBEZIRK',
        name: name!,
        parentCode: ags!.slice(0, 2),
      }),
    ),
    ...kreise.map(({ ags, name }) =>
      recordOfAgs({ code: ags!, level: 'KREIS', name: name!, parentCode: ags!.slice(0, 3) }),
    ),
  ];
}

/** Returns the inhabitants of the Kreise and where they live on average; no position where nobody lives. */
function populationOf(
  kreise: readonly CsvRow[],
): Pick<Region, 'population' | 'latitude' | 'longitude'> {
  const sumOf = (value: (kreis: CsvRow) => number) =>
    kreise.reduce((sum, kreis) => sum + value(kreis), 0);
  const population = sumOf(inhabitantsOf);
  const mean = (column: string) =>
    population === 0
      ? null
      : degrees(sumOf((kreis) => Number(kreis[column]) * inhabitantsOf(kreis)) / population);
  return { population, latitude: mean('centroid_lat'), longitude: mean('centroid_lon') };
}

function inhabitantsOf(kreis: CsvRow): number {
  return Number(kreis['population_2018']);
}

/** Rounds to the precision of the centroids, about ten metres. */
function degrees(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
