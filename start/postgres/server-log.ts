import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { MINUTE_MS } from '../../shared/time/rules.js';

const LIMIT_BYTES = 2_000_000;
const LOOK_EVERY_MS = MINUTE_MS;

/** The file PostgreSQL writes its messages to. It outlives the starter, as the server may. */
export interface ServerLog {
  /** A descriptor to hand to a program, which closes with `release`. */
  open(): { fd: number; release(): void };
  /** The messages written since the last `open`, at most the newest few thousand characters. */
  recent(): string;
  /** Keeps the file and one older part below a limit until the returned function is called. */
  bound(): () => void;
}

export function serverLog(dataFolder: string): ServerLog {
  const file = join(dataFolder, 'postgres.log');
  let openedAt = 0;

  /** The server appends to an open file, so it goes on at the start of the emptied one. */
  const cut = () => {
    if (!existsSync(file) || statSync(file).size < LIMIT_BYTES) return;
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
    openedAt = 0;
  };

  return {
    open() {
      cut();
      const fd = openSync(file, 'a', 0o600);
      openedAt = statSync(file).size;
      return { fd, release: () => closeSync(fd) };
    },
    recent() {
      if (!existsSync(file)) return '';
      return readFileSync(file).subarray(openedAt).toString('utf8').slice(-4000);
    },
    bound() {
      const timer = setInterval(cut, LOOK_EVERY_MS).unref();
      return () => clearInterval(timer);
    },
  };
}
