/** `--short` runs everything in small: it shows that a bench works, and its figures are no figures. */
export const isShort = process.argv.includes('--short');

/** How much of a thing a bench measures: as promised, or in small. */
export function sized<Amount>(usual: Amount, short: Amount): Amount {
  return isShort ? short : usual;
}

/** How long each part of a bench measures; `BENCH_SECONDS` shortens it for trying. */
export function benchSeconds(usual: number): number {
  const setting = process.env['BENCH_SECONDS'];
  if (setting === undefined) return usual;
  const seconds = Number(setting);
  if (seconds > 0) return seconds;
  throw new Error(
    `BENCH_SECONDS is a number of seconds above 0, for example 2; it is "${setting}".`,
  );
}

/** A list in `BENCH_ONLY` chooses who is measured and one in `BENCH_CASES` in what; without it all, in small ours alone. */
export function isChosen(list: 'BENCH_ONLY' | 'BENCH_CASES', name: string): boolean {
  const setting = process.env[list];
  if (setting !== undefined) return setting.split(',').includes(name);
  return !isShort || list === 'BENCH_CASES' || name.startsWith('ours');
}
