import type { ClientBase } from 'pg';
import { recordValues } from '../../../shared/database/index.js';
import { organisationColumns } from '../generated/columns.js';
import type { Organisation } from '../generated/prisma/client.js';
import { nameKey } from './rules.js';
import { STORE_MODELLED_ORGANISATIONS } from './statements.js';

/** The actor of what a hub itself models. */
const MODEL = 'model';

/** Stores organisations that a hub models; one that is known stays as it is. Sends no events: nothing happened. */
export async function storeModelledOrganisations(
  db: ClientBase,
  organisations: readonly Omit<Organisation, 'registeredBy' | 'registeredAt' | 'nameKey'>[],
  now: Date,
): Promise<void> {
  await db.query({
    ...STORE_MODELLED_ORGANISATIONS,
    values: recordValues(
      organisationColumns,
      organisations.map((one) => ({
        ...one,
        nameKey: nameKey(one.name),
        registeredAt: now,
        registeredBy: MODEL,
      })),
    ),
  });
}
