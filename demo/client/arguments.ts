import { parseArgs } from 'node:util';
import { PlayerError } from './player-error.js';

/** Reads options that each have a text as their value, and `--help`. Throws PlayerError. */
export function readArguments<Name extends string>(
  args: string[],
  names: readonly Name[],
  command: string,
): Partial<Record<Name, string>> & { help?: boolean } {
  const texts = Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const));
  try {
    const options = { ...texts, help: { type: 'boolean' } } as const;
    return parseArgs({ args, options }).values as Partial<Record<Name, string>> & {
      help?: boolean;
    };
  } catch (error) {
    const reason = (error as Error).message.split(/\.\s|\n/)[0];
    throw new PlayerError(`${reason}. See npm run ${command} -- --help.`);
  }
}

/** Returns the value of `--speed`, or an empty object without it. Throws PlayerError. */
export function readSpeed(text: string | undefined, unit: string): { speed?: number } {
  if (text === undefined) return {};
  const speed = Number(text);
  if (speed > 0 && Number.isFinite(speed)) return { speed };
  throw new PlayerError(
    `--speed is "${text}", expected ${unit} per second above 0, like 2 or 0.5.`,
  );
}

/** Returns the endpoint of the hub that `--url` names. Throws PlayerError. */
export function readUrl(text: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text;
  throw new PlayerError(`--url is "${text}", expected one like http://127.0.0.1:4000/graphql.`);
}
