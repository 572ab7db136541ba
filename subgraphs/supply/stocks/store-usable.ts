import type { Pool, PoolClient } from 'pg';
import { inTransaction, recordValues } from '../../../shared/database/index.js';
import { quantityOf } from '../items/rules.js';
import { type Holder, isBelowDuty, judgeUsable } from './rules.js';
import { JUDGED_STOCK, STOCKS_TO_JUDGE, STORE_USABLE } from './statements-booking.js';
import { lockStocks } from './store-locks.js';

/** How many stocks are judged in one transaction. */
const STOCKS_AT_ONCE = 500;

interface JudgedStock {
  holder: Holder;
  item: string;
}

/**
 * Judges again, in the transaction that `db` is in, which part of existing stocks can be used, and for how long that lasts: publishes a change of
 * each, and of each that fell below its duty by it. Call it once in a transaction, after the recall or at the date from which it follows.
 */
export async function judgeStocks(
  db: PoolClient,
  judged: readonly JudgedStock[],
  now: Date,
): Promise<void> {
  if (judged.length === 0) return;
  const parts = judged.map((stock) => ({ ...stock, batch: null }));
  const { all } = await lockStocks(db, parts, now);
  const rows = all.map((stock) => {
    const wasBelow = isBelowDuty(stock);
    judgeUsable(stock, now);
    const fell = isBelowDuty(stock) && !wasBelow;
    return { ...stock, fell, unusableQuantity: quantityOf(stock.unusable) };
  });
  await db.query({
    name: 'stocks-store-usable',
    text: STORE_USABLE,
    values: [now, ...recordValues(JUDGED_STOCK, rows)],
  });
}

/** Judges all stocks of which a batch has expired by now, or of which less can be used before its batch expires. */
export async function judgeExpiring({ pool }: { pool: Pool }, now: Date): Promise<void> {
  let count: number;
  do {
    count = await inTransaction(pool, async (db) => {
      const { rows } = await db.query<{ kind: string; holder: string; item: string }>({
        name: 'stocks-to-judge',
        text: STOCKS_TO_JUDGE,
        values: [now, STOCKS_AT_ONCE],
      });
      const stocks = rows.map(({ kind, holder, item }): JudgedStock => {
        return {
          holder: kind === 'FACILITY' ? { facility: holder } : { organisation: holder },
          item,
        };
      });
      await judgeStocks(db, stocks, now);
      return rows.length;
    });
  } while (count === STOCKS_AT_ONCE);
}
