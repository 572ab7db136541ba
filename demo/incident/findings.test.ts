import { PlayerError } from '../client/player-error.js';
import { findingsOf, type DescribedPatient } from './findings.js';

const ORDINARY: DescribedPatient = {
  isWalkable: false,
  breathing: 'unauffällig',
  awareness: 'wach, orientiert',
  pulse: '82; Puls gut tastbar',
  injuries: 'keine äußeren Verletzungen',
  bodyCheck: 'o.B.',
};
const findings = (changes: Partial<DescribedPatient>) => findingsOf({ ...ORDINARY, ...changes });
/** As a file system or an editor of another hospital writes it: an ä as an a and its dots. */
const decomposed = (text: string) => text.normalize('NFD');

test.each([
  'Apnoe',
  'apnoisch',
  'Pat. apnoeisch',
  'APNOE',
  'keine Atmung',
  'Keine  Atmung',
  'keine Spontanatmung',
  'keine ausreichende Atmung',
  'ohne Atmung',
  'fehlende Atmung',
  'Atmung: keine',
  'Atmung nicht vorhanden',
  'Atmung fehlt',
  'nicht vorhanden',
  'atmet nicht',
  'Patient atmet spontan nicht',
  'nicht atmend',
  'Atemstillstand',
  'Schnappatmung',
  'Apnoe, AF 0',
  '0/min',
  '0 / Min.',
])('"%s" means that nobody breathes', (breathing) => {
  expect(findings({ breathing })).toMatchObject({ breathing: false, respiratoryRate: 0 });
  expect(findings({ breathing: decomposed(breathing) })).toMatchObject({ breathing: false });
});

test.each([
  ['36/Min', 36],
  ['36/min', 36],
  ['36 / Min.', 36],
  ['36/MIN', 36],
  ['36 pro Minute', 36],
  ['36 x/min', 36],
  ['36x / min', 36],
  ['36 min-1', 36],
  ['36 min⁻¹', 36],
  ['３６/min', 36],
  ['AF 36', 36],
  ['Atemfrequenz: 36', 36],
  ['36 Atemzüge', 36],
  [decomposed('36 Atemzüge'), 36],
  ['schwere Atemnot 34/min.', 34],
  ['Tachypnoe, 40/Min', 40],
  ['flach, 8/min', 8],
])('"%s" is a rate of %d', (breathing, rate) => {
  expect(findings({ breathing })).toMatchObject({ breathing: true, respiratoryRate: rate });
});

test.each([
  'unauffällig',
  decomposed('unauffällig'),
  'Unauffällig',
  'o.B.',
  'flache Atmung',
  'flache Schonatmung',
  'ruhig und regelmäßig',
  'keine Atemnot',
  'Atemwegsverlegung',
])('"%s" is breathing of no stated rate, which decides nothing', (breathing) => {
  expect(findings({ breathing })).toMatchObject({ breathing: true, respiratoryRate: 16 });
});

test.each([
  '',
  'siehe Protokoll',
  'Atmung?',
  'nicht beurteilbar',
  'nicht unauffällig',
  'nicht normal',
  'unregelmäßig',
  'Atemnot',
  'Tachypnoe',
  'Bradypnoe',
  'flach 36',
  '360/min',
  'Apnoephasen, 6/min',
  'Atmung nicht eingeschränkt',
])('breathing of "%s" is refused, for it may mean anything', (breathing) => {
  expect(() => findings({ breathing })).toThrow(PlayerError);
  expect(() => findings({ breathing })).toThrow(`breathing is "${breathing}"`);
});

test.each([
  ['bewusstlos', false],
  ['bewußtlos', false],
  ['somnolent', false],
  ['soporös', false],
  [decomposed('soporös'), false],
  ['komatös', false],
  ['nicht ansprechbar', false],
  ['nicht wach', false],
  ['reagiert auf Ansprache nicht', false],
  ['ohne Bewusstsein', false],
  ['keine Reaktion', false],
  ['wach, verwirrt', true],
  ['nicht bewusstlos', true],
  ['wach aber verwirrt', true],
  ['ansprechbar', true],
])('"%s": follows commands %s', (awareness, followsCommands) => {
  expect(findings({ awareness })).toMatchObject({ followsCommands });
});

test.each([
  ['150; Puls fadenförmig', false],
  [decomposed('150; Puls fadenförmig'), false],
  ['nicht tastbar', false],
  ['kein Puls', false],
  ['kein tastbarer Puls', false],
  ['kein Radialispuls', false],
  ['pulslos', false],
  ['0', false],
  ['nur Carotis', false],
  ['95', true],
  ['98; rhythmisch', true],
  [decomposed('122; Puls kräftig'), true],
  ['114; flach', true],
])('"%s": a pulse at the wrist %s', (pulse, radialPulse) => {
  expect(findings({ pulse })).toMatchObject({ radialPulse });
});

test.each([
  ['awareness', 'unklar'],
  ['awareness', ''],
  ['pulse', '120; Radialispuls negativ'],
  ['pulse', '?'],
  ['pulse', ''],
])('%s "%s" is refused', (field, text) => {
  expect(() => findings({ [field]: text })).toThrow(`${field} is "${text}"`);
});

test('stridor is read, and its absence too', () => {
  const stridor = (breathing: string) => findings({ breathing }).inhalationTraumaWithStridor;
  expect(stridor('inspiratorischer Stridor')).toBe(true);
  expect(stridor('kein Stridor, unauffällig')).toBe(false);
});
