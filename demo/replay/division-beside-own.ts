import { divide, freeAt, type Share, type Total } from './division.js';
import type { OwnBeds } from './own-beds.js';

/** A Kreis total divided over its sites, given what some of its facilities report themselves. */
export interface Division {
  /** One share per site, in the order given. */
  shares: Share[];
  /** Whether the free beds of the shares fall short of those that were to be divided. */
  isShort: boolean;
}

/**
 * Divides a Kreis total over its sites so that together with the facilities' own reports it is the total again: what they
 * report is subtracted, never below 0, and the rest is divided over the sites that do not speak for themselves.
 *
 * A site that does is told its own numbers as its share. The hub shows them only once the site's report is stale or
 * withdrawn, and then no bed is counted twice. A site that reports only beds for children is told them on top of its part
 * of the rest, because the hub subtracts them.
 *
 * `sites` says of each site what it reports itself; `elsewhere` what facilities of the Kreis report that get no share.
 */
export function divideBesideOwn(
  total: Total,
  sites: readonly (OwnBeds | undefined)[],
  elsewhere: readonly Share[] = [],
): Division {
  const own = [...sites.filter((site) => site !== undefined), ...elsewhere];
  const rest = {
    operable: less(total.operable, own, ({ operable }) => operable),
    occupied: less(total.occupied, own, ({ occupied }) => occupied),
    free: less(total.free, own, freeAt),
  };
  const receiving = sites.filter((site) => !site?.isWhole).length;
  const parts = receiving > 0 ? divide(rest, receiving) : [];
  const free = parts.reduce((sum, part) => sum + freeAt(part), 0);
  const next = parts.values();
  return {
    shares: sites.map((site) => together(site, site?.isWhole ? undefined : next.next().value)),
    isShort: receiving > 0 && free !== rest.free,
  };
}

function less(total: number, own: readonly Share[], of: (share: Share) => number): number {
  return Math.max(
    0,
    own.reduce((rest, share) => rest - of(share), total),
  );
}

function together(own: Share | undefined, part: Share | undefined): Share {
  return {
    operable: (own?.operable ?? 0) + (part?.operable ?? 0),
    occupied: (own?.occupied ?? 0) + (part?.occupied ?? 0),
    blocked: (own?.blocked ?? 0) + (part?.blocked ?? 0),
  };
}
