import type { Lifeline, LifelineReport } from '../generated/prisma/client.js';

/** A lifeline as it is stored; its resolvers compute what it is now. */
export type LifelineRow = Lifeline;

/** A report on a lifeline, and whether it is the one in force. */
export interface ReportRow extends LifelineReport {
  lifelineId: string;
  inForce: boolean;
}
