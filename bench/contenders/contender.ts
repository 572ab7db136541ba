import type { ChildProcess } from 'node:child_process';
import type { CannedUrls } from '../canned/type-defs.js';

/** Settings with which all gateways of a bench are started. */
export interface Ground {
  folder: string;
  subgraphUrl: CannedUrls;
  /** Files. */
  supergraph: { plain: string; withRights: string };
}

/** A gateway that runs as a process of its own. */
export interface Contender {
  endpoint: string;
  process: ChildProcess;
}

export type Start = (ground: Ground) => Promise<Contender>;
