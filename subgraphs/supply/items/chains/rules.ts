import type { DeclareSupplyChainInput, RiskCode } from '../../generated/graphql.js';
import type { ChainLink } from '../../generated/prisma/client.js';

/** A link as the risk depends on it. */
export type RiskLink = Pick<ChainLink, 'tier' | 'country' | 'singleSource' | 'stockDays'>;

export interface Reason {
  code: RiskCode;
  tier: number;
  points: number;
}

/** The longest duty to keep stocks, that for certain cytostatics, is four weeks (ApBetrO § 30): what lasts longer is no risk. */
const SAFE_DAYS = 28;
const POINTS = { singleSource: [40, 30, 20], shortStock: 40, oneCountry: 20, oneCountryInEea: 5 };
/** Countries from which goods move freely (European Economic Area). */
const EEA = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(
    ' ',
  ),
);
const MOST_LINKS = 20;
const DEEPEST_TIER = 9;
const MOST_DAYS = 3_650;

/** Returns the fault of a declaration, as a sentence for the caller; undefined if it has none. */
export function chainFault({ links }: Pick<DeclareSupplyChainInput, 'links'>): string | undefined {
  if (links.length > MOST_LINKS)
    return `links has at most ${MOST_LINKS} entries; received ${links.length}.`;
  for (const [n, { tier, country, stockDays }] of links.entries()) {
    if (tier < 1 || tier > DEEPEST_TIER)
      return `links[${n}].tier is 1 to ${DEEPEST_TIER}; received ${tier}.`;
    if (!/^[A-Z]{2}$/.test(country)) {
      return `links[${n}].country has two capital letters, such as DE; received "${country.slice(0, 20)}".`;
    }
    if (stockDays < 0 || stockDays > MOST_DAYS) {
      return `links[${n}].stockDays is 0 to ${MOST_DAYS}; received ${stockDays}.`;
    }
  }
  return undefined;
}

/** Returns why a supply chain is at risk, each reason at the tier where it is worst, most points first. */
export function riskReasons(links: readonly RiskLink[]): Reason[] {
  const tiers = [...new Set(links.map(({ tier }) => tier))].sort((a, b) => a - b);
  const judged = tiers.flatMap((tier) =>
    reasonsAt(
      tier,
      links.filter((link) => link.tier === tier),
    ),
  );
  const worst = new Map<RiskCode, Reason>();
  for (const reason of judged) {
    if (reason.points > (worst.get(reason.code)?.points ?? 0)) worst.set(reason.code, reason);
  }
  return [...worst.values()].sort((a, b) => b.points - a.points || a.tier - b.tier);
}

/** Returns the risk of a supply chain, 0 to 100; null where nothing is declared. */
export function riskScore(links: readonly RiskLink[]): number | null {
  if (links.length === 0) return null;
  return riskReasons(links).reduce((sum, { points }) => sum + points, 0);
}

function reasonsAt(tier: number, links: readonly RiskLink[]): Reason[] {
  const isSingle = links.length === 1 || links.every(({ singleSource }) => singleSource);
  const longest = Math.min(SAFE_DAYS, Math.max(...links.map(({ stockDays }) => stockDays)));
  const [country, ...others] = new Set(links.map((link) => link.country));
  const pointsOfCountry = EEA.has(country!) ? POINTS.oneCountryInEea : POINTS.oneCountry;
  return [
    {
      code: 'SINGLE_SOURCE' as const,
      tier,
      points: isSingle ? (POINTS.singleSource[tier - 1] ?? POINTS.singleSource.at(-1)!) : 0,
    },
    {
      code: 'SHORT_STOCK' as const,
      tier,
      points: Math.round(POINTS.shortStock * (1 - longest / SAFE_DAYS)),
    },
    { code: 'ONE_COUNTRY' as const, tier, points: others.length === 0 ? pointsOfCountry : 0 },
  ];
}
