import { faultIn, isWide, kindFromName } from './rules.js';

const near = { latitude: 50.9, longitude: 7, km: 10 };

test.each([
  ['of all of Germany', {}, true],
  ['of a Land', { area: '05' }, true],
  ['of a Regierungsbezirk', { area: '053' }, false],
  ['within 100 km', { near: { ...near, km: 100 } }, false],
  ['within more', { near: { ...near, km: 101 } }, true],
  ['within more, in a Kreis', { area: '05315', near: { ...near, km: 20_000 } }, false],
])('a list %s is wide or not', (_, filter, expected) => {
  expect(isWide(filter)).toBe(expected);
});

test.each([
  ['a negative number of beds', { minFree: -1 }, 'minFree'],
  ['a point off the globe', { near: { ...near, latitude: 91 } }, 'latitude'],
  ['a point beyond the date line', { near: { ...near, longitude: -181 } }, 'longitude'],
  ['a circle of no size', { near: { ...near, km: 0 } }, 'km'],
])('a refusal names the fault in %s', (_, filter, word) => {
  expect(faultIn(filter)).toContain(word);
});

test('a filter that makes sense has no fault', () => {
  expect(faultIn({ area: '05', minFree: 0, near })).toBeUndefined();
});

test.each([
  ['Bundeswehrkrankenhaus Ulm', 'BUNDESWEHR_HOSPITAL'],
  ['LVR-Klinik, Psychiatrische Institutsambulanz', 'SPECIALIST_CLINIC'],
  ['Tagesklinik am Markt', 'SPECIALIST_CLINIC'],
  ['Fachklinik für Psychiatrie', 'PSYCHIATRIC_HOSPITAL'],
  ['LVR-Klinik Köln', 'PSYCHIATRIC_HOSPITAL'],
  ['LVR-Klinik für Orthopädie Viersen', 'HOSPITAL'],
  ['Bezirkskrankenhaus Lohr', 'PSYCHIATRIC_HOSPITAL'],
  ['Rehabilitationsklinik Bad Tölz', 'REHABILITATION_CLINIC'],
  ['Universitätsklinikum Köln', 'HOSPITAL'],
  ['Augenklinik Herzog Carl Theodor', 'SPECIALIST_CLINIC'],
  ['HNO-Klinik Bogenhausen Dr. Gaertner', 'SPECIALIST_CLINIC'],
  ['Fachkrankenhaus für Neurologie', 'SPECIALIST_CLINIC'],
  ['Geriatrische Fachklinik Georgenhaus', 'SPECIALIST_CLINIC'],
  ['Schmerzklinik Kiel', 'SPECIALIST_CLINIC'],
  ['Diabetes-Klinik Bad Mergentheim', 'SPECIALIST_CLINIC'],
  ['Kinderhospital Osnabrück am Schölerberg, KJP Osnabrück', 'PSYCHIATRIC_HOSPITAL'],
  ['ASKLEPIOS Fachklinikum Lübben', 'PSYCHIATRIC_HOSPITAL'],
  ['Herz- und Diabeteszentrum Nordrhein-Westfalen', 'HOSPITAL'],
  ['Herzzentrum Leipzig', 'HOSPITAL'],
  ['Katholisches Kinderkrankenhaus Wilhelmstift', 'HOSPITAL'],
  ['Helios Klinik Herzberg/Osterode', 'HOSPITAL'],
  ['BG Unfallklinik Frankfurt am Main', 'HOSPITAL'],
])('%s is a %s', (name, kind) => {
  expect(kindFromName(name)).toBe(kind);
});
