import type { CasualtyVisibility } from '../access/index.js';
import type { Database } from '../database/database.js';
import { FacilitySearch, type Nearest } from '../facility-search/index.js';
import type { ShortfallFacts } from './reserving/rules.js';

/** Another facility where what was requested is left. */
export type Alternative = Nearest;

/** Enough to choose from without reading a list. */
const MOST_ALTERNATIVES = 5;

/** The nearest other facilities that have enough of what an item fell short of, and to which patients may be sent. */
export function alternativesTo(
  database: Database,
  shortfall: ShortfallFacts,
  now: Date,
  visibility: CasualtyVisibility,
): Promise<Alternative[]> {
  return new FacilitySearch(database, now, visibility).nearest(shortfall, MOST_ALTERNATIVES);
}
