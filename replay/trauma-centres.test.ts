import { traumaCentres } from './trauma-centres.js';

const site = (area: string, number: number, changes: object = {}) => ({
  id: `${area} ${number}`,
  siteNumber: String(number),
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

test('no house without a hospital’s beds is one, and where there are too few there are fewer', () => {
  const sites = [
    ...sitesIn('01001', 5, { kind: 'PSYCHIATRIC_HOSPITAL' }),
    site('01001', 1, { kind: 'BUNDESWEHR_HOSPITAL' }),
    site('01001', 2),
  ];
  expect(facilities(traumaCentres(sites, ONE))).toEqual(['01001 1', '01001 2']);
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
