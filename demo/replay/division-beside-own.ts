import { divide, freeAt, type Share, type Total } from './division.js';
import type { OwnBeds } from './own-beds.js';

/** A Kreis total divided over its sites, given the own reports of some of its facilities. */
export interface Division {
  /** One share per site, in the order given. */
  shares: Share[];
  /** Whether the shares have fewer free beds than the total that was divided. */
  isShort: boolean;
}

/**
 * Divides a Kreis total over its sites so that the shares and the facilities' own reports sum to the total: the own reports are
 * subtracted, never below 0, and the rest is divided over the sites without an own report.
 *
 * The share of a site with an own report is that report. The hub shows the share only when the report is stale or withdrawn,
 * and then no bed is counted twice. A site that reports only beds for children gets them in addition to its part of the rest,
 * because the hub subtracts them.
 *
 * `sites` holds the own report of each site; `elsewhere` the reports of facilities of the Kreis that get no share.
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
