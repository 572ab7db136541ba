import { isIP } from 'node:net';
import { makeValidator } from 'envalid';
import { withoutBrackets } from './addresses.js';
import { DAY_SECONDS, HOUR_MS, HOUR_SECONDS, MINUTE_SECONDS, SECOND_MS } from './time/rules.js';

/** Kinds of settings. Their errors complete "Setting NAME cannot be used: ". */

const DECIMAL = /^\d+(\.\d+)?$/;
const WHOLE = /^\d+$/;

function numberFrom(least: number, most: number, kind: RegExp, words: string) {
  return makeValidator<number>((input: string) => {
    const value = Number(input);
    if (kind.test(input) && value >= least && value <= most) return value;
    throw new Error(`expected ${words} from ${least} to ${most}, got "${input}"`);
  });
}

/** A time in milliseconds; at most an hour, so that a mistyped unit is noticed. */
export const milliseconds = numberFrom(1, HOUR_MS, DECIMAL, 'milliseconds');
/** A time in seconds, or 0; at most an hour, so that a mistyped unit is noticed. */
export const seconds = numberFrom(0, HOUR_SECONDS, DECIMAL, 'seconds');
/**
 * How long a service waits for another's response, in milliseconds; at most an hour. At least 100, because the database stops
 * statements at fractions of it, and below that everything would be refused.
 */
export const responseTimeout = numberFrom(100, HOUR_MS, DECIMAL, 'milliseconds');
/** At most as many as a subgraph should answer side by side. */
export const batchSize = numberFrom(1, 100, WHOLE, 'a whole number');
/** A number of operations. */
export const count = numberFrom(1, 10_000, WHOLE, 'a whole number');
/** Days, at least a given number; at most fifty years. */
export const days = (least: number) => numberFrom(least, 18_262, WHOLE, 'a whole number of days');
/** A budget of the unit of `@cost`. */
export const cost = numberFrom(1, 1_000_000_000_000, WHOLE, 'a whole number');

/** A time a client gets, above 0, in seconds; read as milliseconds. */
export const timeoutSeconds = makeValidator<number>((input: string) => {
  const value = Number(input);
  if (DECIMAL.test(input) && value > 0 && value <= HOUR_SECONDS)
    return Math.ceil(value * SECOND_MS);
  throw new Error(`expected a number of seconds above 0 and up to 3600, got "${input}"`);
});

const UNIT_SECONDS = { s: 1, m: MINUTE_SECONDS, h: HOUR_SECONDS, d: DAY_SECONDS };

/** An age with its unit, such as 90m, 24h or 7d, from a minute to 31 days; read as seconds. */
export const age = makeValidator((input: string) => {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(input) ?? [];
  const value = Number(amount) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
  if (value >= UNIT_SECONDS.m && value <= 31 * UNIT_SECONDS.d) return value;
  throw new Error(`expected a number with its unit, s, m, h or d, from 60s to 31d, got "${input}"`);
});

/** Addresses and networks, separated by commas. */
export const networks = makeValidator<string[]>((input: string) => {
  const list = input.split(',').map((part) => part.trim());
  const wrong = list.find((network) => !isNetwork(network));
  if (wrong === undefined) return list;
  throw new Error(
    `expected addresses or networks such as 10.0.0.0/8, separated by commas, got "${wrong}"`,
  );
});

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && +bits >= 1 && +bits <= most);
  return most > 0 && isRange && rest.length === 0;
}

/** Origins separated by commas, each as a browser sends it: scheme, host, and port where it is not the usual one. */
export const origins = makeValidator<string[]>((input: string) => {
  const list = input.split(',').map((origin) => origin.trim());
  for (const origin of list) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new Error(`expected origins such as https://board.example.org, got "${origin}"`);
    }
  }
  return list;
});

/** An address to bind to, or a name of one. */
export const host = makeValidator<string>((input: string) => {
  const address = withoutBrackets(input);
  if (isIP(address) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(address)) return address;
  throw new Error(
    `expected an address such as 127.0.0.1 or ::1, without a scheme and a port, got "${input}"`,
  );
});

function urlOf(protocols: RegExp, example: string) {
  return makeValidator<string>((input: string) => {
    if (URL.canParse(input) && protocols.test(new URL(input).protocol)) return input;
    throw new Error(`expected a URL such as ${example}, got "${input}"`);
  });
}

export const webUrl = urlOf(/^https?:$/, 'http://127.0.0.1:14001/graphql');
export const postgresUrl = urlOf(
  /^postgres(ql)?:$/,
  'postgresql://user:password@host:5432/database',
);
