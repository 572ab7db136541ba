import type { Region } from '../generated/prisma/client.js';
import type { ReferenceFiles } from './files.js';

/** Names of the Kleeblätter as the federal and Land authorities write them. */
const KLEEBLATT_NAMES: Record<string, string> = {
  NORD: 'Kleeblatt Nord',
  OST: 'Kleeblatt Ost',
  SUED: 'Kleeblatt Süd',
  SUEDWEST: 'Kleeblatt Südwest',
  WEST: 'Kleeblatt West',
};

/** Every region from Kreis to country; what lies above a Kreis has the sum of its Kreise's inhabitants. */
export function regionRecords({ kreise, regierungsbezirke, laender }: ReferenceFiles): Region[] {
  const inhabitants = (isWithin: (ags: string) => boolean) =>
    kreise
      .filter(({ ags }) => isWithin(ags!))
      .reduce((sum, { population_2018 }) => sum + Number(population_2018), 0);
  const landsOf = (kleeblatt: string) =>
    new Set(
      laender.filter((land) => land['kleeblatt'] === kleeblatt).map(({ land_ags }) => land_ags),
    );

  return [
    { code: 'DE', level: 'COUNTRY', name: 'Deutschland', population: inhabitants(() => true) },
    ...Object.entries(KLEEBLATT_NAMES).map(([code, name]): Region => {
      const lands = landsOf(code);
      return {
        code,
        level: 'KLEEBLATT',
        name,
        population: inhabitants((ags) => lands.has(ags.slice(0, 2))),
      };
    }),
    ...laender.map(({ land_ags, land_name }): Region => ({
      code: land_ags!,
      level: 'LAND',
      name: land_name!,
      population: inhabitants((ags) => ags.startsWith(land_ags!)),
    })),
    ...regierungsbezirke.map(({ ags: code, name }): Region => ({
      code: code!,
      level: 'REGIERUNGSBEZIRK',
      name: name!,
      population: inhabitants((ags) => ags.startsWith(code!)),
    })),
    ...kreise.map(({ ags, name, population_2018 }): Region => ({
      code: ags!,
      level: 'KREIS',
      name: name!,
      population: Number(population_2018),
    })),
  ];
}
