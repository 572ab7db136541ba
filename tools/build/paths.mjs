// JavaScript, because it runs before anything is compiled.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const DIST = join(PROJECT, 'dist');
/** The programs of a hub, each with the packages that it loads. */
export const BUNDLED = join(DIST, 'bundled');
/** Digests of what each step was last run for. */
export const STAMPS = join(DIST, '.stamps');
