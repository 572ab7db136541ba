import { LimitExceeded } from './limit-exceeded.js';
import type { Limits } from './limits.js';
import type { ListSize, PriceList } from '../supergraph/directives/price-list.js';

/** For a list of which the schema says nothing. */
const UNSAID = 25;

/** How long a list may be, from its arguments, their defaults included; for a page, how long the lists inside it are. */
export function listSizeOf(
  coordinate: string,
  { listSizes, listSizesBy }: PriceList,
  given: Record<string, unknown>,
  limits: Pick<Limits, 'pageSize'>,
) {
  const said: ListSize | undefined = listSizes.get(coordinate);
  const asked = (said?.slicingArguments ?? []).flatMap((name) => {
    const value = given[name];
    if (typeof value !== 'number') return [];
    if (value > limits.pageSize) {
      throw new LimitExceeded(
        `${coordinate}(${name}:) gives at most ${limits.pageSize} entries at once; asked for were ${value}. Ask for ${limits.pageSize}, then for the next page.`,
        { status: 400 },
      );
    }
    return [Math.max(0, value)];
  });
  const by = listSizesBy.get(coordinate);
  const byValue = by?.sizes.get(given[by.argument]);
  const size = asked.length > 0 ? Math.max(...asked) : (byValue ?? said?.assumedSize ?? UNSAID);
  const names = said?.sizedFields ?? [];
  return names.length > 0 ? { own: 1, inner: { names, size } } : { own: size, inner: undefined };
}
