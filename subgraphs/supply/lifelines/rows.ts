import type { Lifeline } from '../generated/prisma/client.js';

/** A lifeline as it is stored; its resolvers compute what it is now. */
export type LifelineRow = Lifeline;
