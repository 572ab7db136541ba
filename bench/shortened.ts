/** How long each part of a bench measures; `BENCH_SECONDS` shortens it for trying. */
export function benchSeconds(usual: number): number {
  const wish = process.env['BENCH_SECONDS'];
  if (wish === undefined) return usual;
  const seconds = Number(wish);
  if (seconds > 0) return seconds;
  throw new Error(`BENCH_SECONDS is a number of seconds above 0, for example 2; it is "${wish}".`);
}

/** For trying, a list in `BENCH_ONLY` chooses who is measured and one in `BENCH_CASES` in what; without it all. */
export function isChosen(list: 'BENCH_ONLY' | 'BENCH_CASES', name: string): boolean {
  const wish = process.env[list];
  return wish === undefined || wish.split(',').includes(name);
}
