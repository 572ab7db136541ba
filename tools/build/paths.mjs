// JavaScript, because it runs before anything is compiled.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const DIST = join(PROJECT, 'dist');
/** Digests of what each step was last run for. */
export const STAMPS = join(DIST, '.stamps');
