import { storageFault, textFault } from './invalid-text.js';

test.each([
  '\u0001',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u009b',
  '\n',
  '\r',
  '\t',
  '\u2028',
  '\u2029',
  '\u202a',
  '\u202b',
  '\u202c',
  '\u202d',
  '\u202e',
  '\u2066',
  '\u2067',
  '\u2068',
  '\u2069',
])('a name with %j is refused, and the message names the character', (character) => {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  expect(textFault('name', `Meier${character}A`)).toContain(`character 6 is U+${code}`);
  expect(storageFault('claims', `Meier${character}A`)).toBeUndefined();
});

test.each(['reason', 'purpose', 'assumption', 'legalBasis'])('%s may have lines', (field) => {
  expect(textFault(field, 'first\r\n\tsecond')).toBeUndefined();
  expect(textFault(field, 'first\u202esecond')).toContain('U+202E');
  expect(textFault(field, 'first\u0085second')).toContain('U+0085');
});

test.each([
  '\u200b',
  '\u200b \u200d',
  '\u00ad',
  '\u2060',
  '\ufeff\u200b',
  '\u3164',
  '\uffa0',
  '\u115f',
  '\u2800',
  '\ufe0f',
  '\u034f',
  '\u0301',
  '\u{e0041}',
  '\u180e',
])('a text in which nothing shows is refused: %j', (text) => {
  expect(textFault('name', text)).toContain('visible');
});

test.each([
  'Meier',
  'Mu\u0308ller',
  'Müller',
  "O'Brien",
  'Şahin',
  '田中',
  'محمد',
  'أبو\u200eA',
  '김',
  '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
  'क्\u200dष',
  '🚑',
  '👨\u200d👩\u200d👧',
  '?',
  '1',
  '-',
  '𝒜',
])('an honest text is accepted: %j', (text) => {
  expect(textFault('name', text)).toBeUndefined();
});

test.each(['', ' ', '   '])('an empty text is left to the rules of its field: %j', (text) => {
  expect(textFault('area', text)).toBeUndefined();
});
