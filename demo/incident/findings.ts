import { PlayerError } from '../client/player-error.js';
import type { MstartFindingsInput } from './generated/operations.js';

/** A patient in the words of an exercise. */
export interface DescribedPatient {
  isWalkable: boolean;
  breathing: string;
  awareness: string;
  pulse: string;
  injuries: string;
  bodyCheck: string;
}

/** Breaths per minute for ordinary or shallow breathing without a number: this rate changes no category. */
const ORDINARY_RATE = 16;
/** The largest number of breaths per minute that the hub accepts. */
const MOST_BREATHS = 100;

/** Words that negate. They reverse the meaning of an ordinary word. */
const NEGATION =
  /\b(nicht|kein\w*|ohne|kaum|nie|fehl\w*|negativ\w*|aufgehoben\w*|un(regel|ruhig|normal)\S*)/;
/** Negations that describe a normal finding. */
const HARMLESS = /\b(kein\w*|ohne) (atemnot|luftnot|dyspnoe|stridor|auffälligkeiten|befund)\b/g;

const ANY_BREATHING = '(spontan|eigen)?(atmung|atem|atemtätigkeit|atembewegung(en)?)';
const SEEN = '(vorhanden|feststellbar|nachweisbar|sichtbar|erkennbar|messbar)';
const SUFFICIENT =
  '(spontane|eigene|ausreichende|suffiziente|normale|sichtbare|erkennbare|feststellbare)';
/** Words for absent breathing. Gasps are not breathing (ERC Guidelines 2021, basic life support). */
const NO_BREATHING = new RegExp(
  [
    '\\bapno[ei]',
    'atemstillstand',
    'schnappatm',
    `\\b(kein|keine|keinerlei|ohne|fehlende|sistierte) (${SUFFICIENT} )?${ANY_BREATHING}(?![a-zäöüß])`,
    `${ANY_BREATHING}:? (ist |hat )?(keine|nein|fehlt|fehlend|sistiert|setzt aus|ausgesetzt|aufgehört|nicht ${SEEN})`,
    '\\batmet (\\S+ )?nicht\\b',
    '\\bnicht (\\S+ )?atmend',
    `^(nicht ${SEEN}|keine|nein|fehlt|fehlend|aufgehoben)[.!]?$`,
  ].join('|'),
);
const ORDINARY_BREATHING =
  /unauffällig|normal|^o\. ?b\.|ruhig|regelmäßig|regelrecht|flach|schonatm|spontanatm|stridor|atemwegsverlegung|keine auffälligkeiten|ohne befund|(keine|ohne) (atemnot|luftnot|dyspnoe)/;
/** Words for a rate that is not ordinary: only a number says which rate it is. */
const RATE_NEEDED =
  /atemnot|luftnot|dyspno|tachypno|bradypno|hyperventil|hypoventil|schnell|langsam|angestrengt|beschleunigt/;
const RATES = [
  /(\d+) ?(x|mal|atemzüge)? ?(\/|pro|je|in der) ?(1 ?)?min/,
  /(\d+) ?(x )?min ?[-−]1/,
  /(\d+) ?atemzüge/,
  /\b(?:af|atemfrequenz|frequenz) ?[:=]? ?(?:von |ca\. |etwa )?(\d+)/,
];

const CONSCIOUSNESS = 'bewu(?:ss|ß)tsein';
const UNRESPONSIVE = new RegExp(
  [
    'bewu(ss|ß)tlos',
    `${CONSCIOUSNESS}s(getrübt|trüb)`,
    'eingetrübt|somnolen|sopor|koma',
    'un(ansprech|erweck)bar|reaktionslos',
    `\\b(nicht|kaum|kein\\w*|ohne) (\\S+ )?(wach|ansprechbar|erweckbar|klar|reakt|reagier|antwort|${CONSCIOUSNESS})`,
    '\\b(reagiert|antwortet) (\\S+ ){0,3}nicht',
  ].join('|'),
);
const NOT_UNCONSCIOUS = /\b(nicht|nie) (mehr )?bewu(ss|ß)tlos|\bkeine bewu(ss|ß)tlosigkeit/g;
const RESPONSIVE = new RegExp(
  `wach|verwirrt|orientiert|ansprechbar|\\bklar|${CONSCIOUSNESS}sklar|bei ${CONSCIOUSNESS}`,
);
const NO_COOPERATION =
  /\bkeine (\S+ )?kooperation|nicht kooperativ|unkooperativ|befolgt (keine|nicht)/;

/** A thready pulse is felt at the neck, not at the wrist. */
const NO_RADIAL_PULSE = new RegExp(
  [
    'faden|untastbar|pulslos|asystol|kreislaufstillstand|\\bfehl',
    '\\b(nicht|kaum) (\\S+ )?(tastbar|fühlbar|palpabel|vorhanden|messbar|nachweisbar)',
    '\\bkein(e|en)? (\\S+ )?(peripher\\S* |radialis|hand)?pulse?\\b',
    '\\bnur (\\S+ )*(zentral|carotis|karotis)',
    '^0\\b',
  ].join('|'),
);
const RADIAL_PULSE =
  /tastbar|fühlbar|kräftig|flach|schwach|rhythmisch|regelmäßig|normal|unauffällig/;

/**
 * Returns the findings that mSTaRT needs, from the words of an exercise. Throws PlayerError for unknown words, because words
 * that may mean absent breathing must never be played as an ordinary finding.
 */
export function findingsOf(described: DescribedPatient): MstartFindingsInput {
  const breathing = plain(described.breathing);
  const respiratoryRate = rateOf(breathing, described.breathing);
  return {
    walking: described.isWalkable,
    breathing: respiratoryRate > 0,
    respiratoryRate,
    spurtingBleeding: /spritz|arterielle blutung|pulsierend/.test(plain(described.injuries)),
    radialPulse: hasRadialPulse(plain(described.pulse), described.pulse),
    followsCommands:
      isResponsive(plain(described.awareness), described.awareness) &&
      !NO_COOPERATION.test(plain(described.bodyCheck)),
    inhalationTraumaWithStridor: breathing.replace(HARMLESS, '').includes('stridor'),
  };
}

function rateOf(breathing: string, given: string): number {
  const stated = RATES.map((pattern) => pattern.exec(breathing)?.[1]).find((rate) => rate);
  const rate = stated === undefined ? undefined : Number(stated);
  if (NO_BREATHING.test(breathing)) {
    if (rate === undefined || rate === 0) return 0;
    throw unknown('breathing', given);
  }
  if (rate !== undefined && rate <= MOST_BREATHS) return rate;
  const words = breathing.replace(HARMLESS, '');
  const isOrdinary =
    ORDINARY_BREATHING.test(breathing) &&
    !RATE_NEEDED.test(words) &&
    !NEGATION.test(words) &&
    !/\d/.test(words);
  if (!isOrdinary) throw unknown('breathing', given);
  return ORDINARY_RATE;
}

function hasRadialPulse(pulse: string, given: string): boolean {
  if (NO_RADIAL_PULSE.test(pulse)) return false;
  // A rate alone was counted at the wrist.
  const words = pulse.replace(/\d+|\bpuls\w*|\/ ?min|[;,.:]/g, '').trim();
  if (NEGATION.test(words) || (words !== '' && !RADIAL_PULSE.test(words)) || pulse === '') {
    throw unknown('pulse', given);
  }
  return true;
}

function isResponsive(awareness: string, given: string): boolean {
  const words = awareness.replace(NOT_UNCONSCIOUS, 'ansprechbar');
  if (UNRESPONSIVE.test(words)) return false;
  if (!RESPONSIVE.test(words)) throw unknown('awareness', given);
  return true;
}

const EXPECTED = {
  breathing: '"unauffällig", "flache Atmung", "Apnoe", or a rate like "schwere Atemnot 30/min"',
  awareness: '"wach, orientiert", "verwirrt", "somnolent" or "bewusstlos"',
  pulse: 'a rate, "gut tastbar", "fadenförmig" or "nicht tastbar"',
};

function unknown(field: keyof typeof EXPECTED, text: string): PlayerError {
  return new PlayerError(
    `${field} is "${text}", which cannot be played; expected words such as ${EXPECTED[field]}.`,
  );
}

/** Small letters, single spaces, and composed characters: some systems write an ä as two characters. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
