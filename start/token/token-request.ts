import { parseArgs } from 'node:util';
import { areaToday, kleeblaetter } from '../../shared/areas/index.js';
import { type DevelopmentToken, ROLES } from '../../shared/identity/index.js';
import { StartRefusal } from '../host/refusal.js';

const HALF_A_DAY_SECONDS = 12 * 60 * 60;
/** A token cannot be called back. The gateway accepts one of `service` for 31 days, any other for TOKEN_MAX_AGE. */
const LONGEST_SECONDS = 31 * 24 * 60 * 60;

export const USAGE =
  'npm run -s token -- --role ROLE [--area AGS] [--kleeblatt NAME] [--facility ID] [--organisation ID] [--professional ID] [--level LEVEL] [--subject NAME] [--ttl SECONDS]';

/** Reads what the token shall say. Throws StartRefusal for what no token can say. */
export function readTokenRequest(args: string[]): DevelopmentToken {
  const { role, area, kleeblatt, facility, organisation, professional, level, subject, ttl } =
    optionsOf(args);
  if (role === undefined || !Object.hasOwn(ROLES, role)) {
    throw new StartRefusal(
      `${role === undefined ? 'No --role is given' : `There is no role "${role}"`}. Use one of ${Object.keys(ROLES).join(', ')}.`,
    );
  }
  return {
    role,
    areas: [...new Set([...area.map(readArea), ...kleeblatt.flatMap(areasOfKleeblatt)])],
    facilities: facility,
    organisations: organisation,
    professional,
    level,
    subject,
    ttl: ttl === undefined ? HALF_A_DAY_SECONDS : readTtl(ttl),
  };
}

function optionsOf(args: string[]) {
  const many = { type: 'string', multiple: true, default: [] as string[] } as const;
  const one = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        role: one,
        area: many,
        kleeblatt: many,
        facility: many,
        organisation: many,
        professional: one,
        level: one,
        subject: one,
        ttl: one,
      },
    }).values as Record<'area' | 'kleeblatt' | 'facility' | 'organisation', string[]> &
      Partial<Record<'role' | 'professional' | 'level' | 'subject' | 'ttl', string>>;
  } catch (error) {
    throw new StartRefusal(`${firstSentence((error as Error).message)} Usage: ${USAGE}`);
  }
}

/** The empty prefix lies around all of Germany; `DE` is its readable form. */
function readArea(text: string): string {
  if (text === '' || text === 'DE') return '';
  const area = areaToday(text);
  if (area !== undefined) return area;
  throw new StartRefusal(
    `There is no area "${text}". Use the AGS of a Land (05), Regierungsbezirk (053) or Kreis (05315), or DE.`,
  );
}

function areasOfKleeblatt(name: string): string[] {
  const known = kleeblaetter();
  const areas = known.get(name);
  if (areas) return areas;
  throw new StartRefusal(
    `There is no Kleeblatt "${name}" with Länder. Use one of ${[...known.keys()].join(', ')}.`,
  );
}

function readTtl(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new StartRefusal(
    `--ttl is ${JSON.stringify(text)}. Use a whole number of seconds from 1 to ${LONGEST_SECONDS}.`,
  );
}

function firstSentence(text: string): string {
  return `${text.split(/[.\n]/)[0]}.`;
}
