import { LimitError } from './limit-error.js';
import type { Limits } from './limits.js';
import type { ListSize, PriceList } from '../supergraph/index.js';

/** For a list without a declared size. */
const DEFAULT_LIST_SIZE = 25;

/** Returns the largest length of a list from its arguments, including defaults; for a page, the length of the lists in it. */
export function listSizeOf(
  coordinate: string,
  { listSizes, listSizesBy }: PriceList,
  given: Record<string, unknown>,
  limits: Pick<Limits, 'pageSize'>,
) {
  const declared: ListSize | undefined = listSizes.get(coordinate);
  const requested = (declared?.slicingArguments ?? []).flatMap((name) => {
    const value = given[name];
    if (typeof value !== 'number') return [];
    if (value > limits.pageSize) {
      throw new LimitError(
        `${coordinate}(${name}:) returns at most ${limits.pageSize} entries at once; ${value} were requested. Request ${limits.pageSize}, then the next page.`,
        { status: 400 },
      );
    }
    return [Math.max(0, value)];
  });
  const by = listSizesBy.get(coordinate);
  const byValue = by?.sizes.get(given[by.argument]);
  const size =
    requested.length > 0
      ? Math.max(...requested)
      : (byValue ?? declared?.assumedSize ?? DEFAULT_LIST_SIZE);
  const names = declared?.sizedFields ?? [];
  return names.length > 0 ? { own: 1, inner: { names, size } } : { own: size, inner: undefined };
}
