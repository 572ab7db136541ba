import { readFileSync } from 'node:fs';
import { projectPath } from '../../../shared/root.js';
import { dutiesInForce, type DutyRule } from './rules.js';

/** The rules of `data/stock-duties`, those of the past and of the future included. */
export const STOCK_DUTIES = JSON.parse(
  readFileSync(projectPath('data/stock-duties/stock-duties.json'), 'utf8'),
) as readonly DutyRule[];

const byId = new Map(STOCK_DUTIES.map((duty) => [duty.id, duty]));

export function dutyWithId(id: string): DutyRule {
  return byId.get(id)!;
}

/** Returns the parameters of `dutyOfStock` at an instant: one row for each rule, holder and substance. */
export function dutyValues(now: Date): [string[], string[], string[], (string | null)[], number[]] {
  const rows = dutiesInForce(STOCK_DUTIES, now).flatMap(
    ({ id, holders, itemKind, substances, requiredDays }) =>
      holders.flatMap((holder) =>
        (substances ?? [null]).map((substance) => ({
          id,
          holder,
          itemKind,
          substance,
          requiredDays,
        })),
      ),
  );
  return [
    rows.map(({ id }) => id),
    rows.map(({ holder }) => holder),
    rows.map(({ itemKind }) => itemKind),
    rows.map(({ substance }) => substance),
    rows.map(({ requiredDays }) => requiredDays),
  ];
}

/** Returns the most days that any duty requires at an instant. */
export function longestDuty(now: Date): number {
  return Math.max(0, ...dutiesInForce(STOCK_DUTIES, now).map(({ requiredDays }) => requiredDays));
}
