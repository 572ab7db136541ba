import { areaToday } from '../../shared/areas/areas.js';
import { facilityRecords } from '../../subgraphs/capacity/reference/facilities.js';
import { readReferenceFiles } from '../../subgraphs/capacity/reference/files.js';
import { traumaCentres } from './trauma-centres.js';

const site = (area: string, number: number, changes: object = {}) => ({
  id: `${area} ${number}`,
  siteNumber: String(number),
  name: `Krankenhaus ${number}`,
  kind: 'HOSPITAL',
  area,
  capabilities: [] as string[],
  ...changes,
});
const sitesIn = (area: string, count: number, changes: object = {}) =>
  Array.from({ length: count }, (_, number) => site(area, number + 100, changes));
const facilities = (centres: { facility: string }[]) => centres.map(({ facility }) => facility);

const ONE = [{ code: '01001', population: 1_000 }];

test('there are as many centres as in Germany', () => {
  expect(traumaCentres(sitesIn('01001', 900), ONE)).toHaveLength(626);
});

test('no facility without hospital beds is a centre, and a Kreis with too few hospitals has fewer centres', () => {
  const sites = [
    ...sitesIn('01001', 5, { kind: 'PSYCHIATRIC_HOSPITAL' }),
    site('01001', 1, { kind: 'BUNDESWEHR_HOSPITAL' }),
    site('01001', 2),
  ];
  expect(facilities(traumaCentres(sites, ONE))).toEqual(['01001 1', '01001 2']);
});

test.each([
  'Augenklinik Rendsburg',
  'Herzzentrum Dresden',
  'Sana Herzchirurgie Stuttgart',
  'Katholisches Kinderkrankenhaus Wilhelmstift',
  'Kinder- und Jugendkrankenhaus AUF DER BULT',
  'Orthopädische Klinik Volmarstein',
  'Lungenklinik Hemer',
  'Zentrum für Seelische Gesundheit Osdorf',
  'Frauenklinik München West',
  'Klinik für Geriatrie Ratzeburg',
  'Universitätsklinikum Bonn, Zentrum für Kinderheilkunde',
])('%s is none, though it is the only hospital', (name) => {
  expect(traumaCentres([site('01001', 1, { name })], ONE)).toEqual([]);
});

test.each([
  'BG Klinikum Duisburg gGmbH',
  'BG Klinik Ludwigshafen und Tübingen gGmbH, Standort Tübingen',
  'Berufsgenossenschaftliche Unfallklinik Ludwigshafen',
  'BG Klinikum Unfallkrankenhaus Berlin gGmbH',
  'BG Klinikum Bergmannstrost Halle gGmbH',
  'Bergmannsheil und Kinderklinik Buer GmbH',
  'Carl-Thiem-Klinikum Cottbus gGmbH',
])('%s is one with neurosurgery, however few centres its Kreis is due', (name) => {
  const kreise = [
    { code: '01001', population: 1_000_000_000 },
    { code: '01002', population: 1 },
  ];
  const centres = traumaCentres([site('01002', 1), site('01002', 2, { name })], kreise);
  expect(centres[0]).toMatchObject({
    facility: '01002 2',
    capabilities: expect.arrayContaining(['NEUROSURGERY']),
  });
});

test('the BG clinics, the Bundeswehr and Carl-Thiem are centres among the real sites, and no special clinic is', () => {
  const files = readReferenceFiles();
  const sites = facilityRecords(files);
  const kreise = files.kreise.map(({ ags, population_2018 }) => ({
    code: areaToday(ags!)!,
    population: Number(population_2018),
  }));
  const chosen = new Set(facilities(traumaCentres(sites, kreise)));
  expect(chosen.size).toBe(626);
  const names = sites.filter(({ id }) => chosen.has(id)).map(({ name }) => name);
  const certain = sites.filter(
    ({ name, kind }) =>
      /\bBG (Klini|Unfall)|Carl-Thiem/.test(name) || kind === 'BUNDESWEHR_HOSPITAL',
  );
  expect(certain.length).toBeGreaterThan(12);
  for (const { id, name } of certain) expect([name, chosen.has(id)]).toEqual([name, true]);
  expect(
    names.filter((name) =>
      /augen|psychiatr|herzzentrum|kinderkrankenhaus|fachklinik|hautklinik/i.test(name),
    ),
  ).toEqual([]);
});

test('they lie where people live, and what a Kreis has too few hospitals for goes to the next', () => {
  const kreise = [
    { code: '01003', population: 1_000 },
    { code: '01001', population: 3_000 },
    { code: '01002', population: 1_000 },
  ];
  const sites = ['01003', '01002', '01001'].flatMap((area) => sitesIn(area, 500));
  const counted = (all: ReturnType<typeof sitesIn>) => {
    const centres = facilities(traumaCentres(all, kreise));
    return ['01001', '01002', '01003'].map(
      (area) => centres.filter((id) => id.startsWith(area)).length,
    );
  };
  expect(counted(sites)).toEqual([375, 125, 126]);
  const few = sites.filter(({ area, siteNumber }) => area !== '01002' || siteNumber === '100');
  expect(counted(few)).toEqual([375, 1, 250]);
});

test('in a Kreis those with a helipad on the map come first, then the lower site numbers', () => {
  const sites = [
    ...sitesIn('01001', 400),
    ...sitesIn('01001', 400, { capabilities: ['HELIPAD'] }).map((pad) => ({
      ...pad,
      id: `pad ${pad.siteNumber}`,
      siteNumber: `9${pad.siteNumber}`,
    })),
  ];
  const centres = facilities(traumaCentres(sites, ONE));
  expect(centres.filter((id) => id.startsWith('pad'))).toHaveLength(400);
  expect(centres.at(-1)).toBe('01001 325');
});

test('38 % have neurosurgery and 62 % treat injured children, with and without neurosurgery', () => {
  const centres = traumaCentres(sitesIn('01001', 900), ONE);
  const count = (...levels: string[]) =>
    centres.filter(({ traumaLevel }) => levels.includes(traumaLevel)).length;
  const having = (capability: 'NEUROSURGERY' | 'CHILD') =>
    centres.filter(({ capabilities }) => capabilities.includes(capability)).length;
  expect(having('NEUROSURGERY')).toBe(Math.floor(626 * 0.38));
  expect(having('CHILD') / 626).toBeCloseTo(0.62, 2);
  expect(count('SUPRAREGIONAL', 'REGIONAL')).toBe(having('NEUROSURGERY'));
  expect(count('SUPRAREGIONAL') / having('NEUROSURGERY')).toBeCloseTo(0.62, 1);
});

test('the same sites give the same centres, in whatever order they come', () => {
  const kreise = [...ONE, { code: '01002', population: 700 }];
  const sites = [...sitesIn('01001', 400), ...sitesIn('01002', 400)];
  expect(traumaCentres([...sites].reverse(), [...kreise].reverse())).toEqual(
    traumaCentres(sites, kreise),
  );
});
