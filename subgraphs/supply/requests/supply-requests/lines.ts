import { isRefused } from '../../../../shared/validation/rules.js';
import type { FacilityStore } from '../../facilities/index.js';
import type { SupplyLineInput } from '../../generated/graphql.js';
import { unknownFacility } from '../../facilities/rules.js';
import type { ItemStore } from '../../items/index.js';
import { unknownItem, wrongUnit } from '../../items/rules.js';
import type { OrganisationStore } from '../../organisations/index.js';
import { unknownOrganisation } from '../../organisations/rules.js';
import type { NewLine } from './store-changes.js';

/** The stores that know what a line names. */
interface KnownStores {
  items: ItemStore;
  organisations: OrganisationStore;
  facilities: FacilityStore;
}

/** Returns the lines with the ids of what they name, or the refusal of the first that names something unknown or in a wrong unit. */
export async function readLines(lines: readonly SupplyLineInput[], known: KnownStores) {
  const read: NewLine[] = [];
  for (const outcome of await Promise.all(lines.map((line) => readLine(line, known)))) {
    if (isRefused(outcome)) return outcome;
    read.push(outcome);
  }
  return read;
}

async function readLine(line: SupplyLineInput, { items, organisations, facilities }: KnownStores) {
  const item = await items.find(line.item);
  if (!item) return unknownItem(line.item);
  const refusal = wrongUnit(item, line.unit);
  if (refusal) return refusal;
  const [addressed, helping] = [line.organisations ?? [], line.facilities ?? []];
  const found = await Promise.all(addressed.map((id) => organisations.find(id)));
  const missing = addressed.find((_, n) => !found[n]);
  if (missing !== undefined) return unknownOrganisation(missing);
  const areas = await Promise.all(helping.map((id) => facilities.areaOf(id)));
  const unknown = helping.find((_, n) => areas[n] === undefined);
  if (unknown !== undefined) return unknownFacility(unknown);
  const addressees = [...new Set([...addressed, ...helping])];
  return { itemId: item.id, requested: line.quantity, addressees };
}
