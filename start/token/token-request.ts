import { parseArgs } from 'node:util';
import { areaToday, kleeblaetter } from '../../shared/areas/index.js';
import { type DevelopmentToken, type Grant, ROLES } from '../../shared/identity/index.js';
import { DAY_SECONDS, HOUR_SECONDS } from '../../shared/time/rules.js';
import { StartRefusal } from '../host/refusal.js';

const HALF_A_DAY_SECONDS = 12 * HOUR_SECONDS;
/** A token cannot be called back. The gateway accepts one of `service` for 31 days, any other for TOKEN_MAX_AGE. */
const LONGEST_SECONDS = 31 * DAY_SECONDS;

export const USAGE =
  'npm run -s token -- --role ROLE [--area AGS] [--kleeblatt NAME] [--facility ID] [--organisation ID] [--role ROLE ...] [--professional ID] [--level LEVEL] [--subject NAME] [--ttl SECONDS]';

/** Options that say what a role holds for. */
const BOUNDS: ReadonlySet<string> = new Set(['area', 'kleeblatt', 'facility', 'organisation']);
const ROLES_TO_USE = `Use one of ${Object.keys(ROLES).join(', ')}.`;

/**
 * Reads what the token shall say. With several roles each holds for the areas, facilities and organisations that follow it, and for no
 * others. Throws StartRefusal for what no token can say.
 */
export function readTokenRequest(args: string[]): DevelopmentToken {
  const { values, options } = optionsOf(args);
  const [grant, ...others] = grantsOf(options);
  if (!grant) throw new StartRefusal(`No --role is given. ${ROLES_TO_USE}`);
  const { professional, level, subject, ttl } = values;
  return {
    ...grant,
    ...(others.length > 0 && { grants: [grant, ...others] }),
    professional,
    level,
    subject,
    ttl: ttl === undefined ? HALF_A_DAY_SECONDS : readTtl(ttl),
  };
}

/** An option of the command line, in the order in which they were written. */
interface WrittenOption {
  name: string;
  value: string;
}

function optionsOf(args: string[]) {
  const many = { type: 'string', multiple: true } as const;
  const one = { type: 'string' } as const;
  try {
    const { values, tokens } = parseArgs({
      args,
      tokens: true,
      options: {
        role: many,
        area: many,
        kleeblatt: many,
        facility: many,
        organisation: many,
        professional: one,
        level: one,
        subject: one,
        ttl: one,
      },
    });
    const options = tokens.flatMap((token) =>
      token.kind === 'option' ? { name: token.name, value: token.value ?? '' } : [],
    );
    return { values, options };
  } catch (error) {
    throw new StartRefusal(`${firstSentence((error as Error).message)} Usage: ${USAGE}`);
  }
}

/** Returns each role with the bounds that follow it; those before the only role are its own, too. */
function grantsOf(options: readonly WrittenOption[]): Grant[] {
  const roles = options.filter(({ name }) => name === 'role');
  const first = options.findIndex(({ name }) => name === 'role');
  const early = options.slice(0, first).find(({ name }) => BOUNDS.has(name));
  if (early && roles.length > 1) {
    throw new StartRefusal(
      `--${early.name} ${early.value} stands before the first of several roles. Write what a role holds for behind its --role.`,
    );
  }
  if (roles.length === 1) return [grantOf(roles[0]!.value, options)];
  return options.flatMap(({ name, value }, index) => {
    if (name !== 'role') return [];
    const next = options.findIndex((option, at) => at > index && option.name === 'role');
    return grantOf(value, options.slice(index, next === -1 ? undefined : next));
  });
}

function grantOf(role: string, options: readonly WrittenOption[]): Grant {
  if (!Object.hasOwn(ROLES, role)) {
    throw new StartRefusal(`There is no role "${role}". ${ROLES_TO_USE}`);
  }
  const valuesOf = (wanted: string) =>
    options.flatMap(({ name, value }) => (name === wanted ? value : []));
  return {
    role,
    areas: [
      ...new Set([
        ...valuesOf('area').map(readArea),
        ...valuesOf('kleeblatt').flatMap(areasOfKleeblatt),
      ]),
    ],
    facilities: valuesOf('facility'),
    organisations: valuesOf('organisation'),
  };
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
