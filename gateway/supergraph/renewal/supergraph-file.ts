import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const FILE = 'supergraph.graphql';
const HEADER = /^# Composed at run time after the committed supergraph ([0-9a-f]{64})\n/;

/**
 * Saves the newest composed supergraph in the data folder, so that a restart while a subgraph is unavailable begins with it
 * and not with the older, committed one. The file names the committed supergraph it followed: with any other, after an upgrade
 * or a downgrade, the code differs too, and the file is ignored.
 */
export class SupergraphFile {
  readonly #file: string;
  readonly #committed: string;

  constructor(dataFolder: string, committed: string) {
    this.#file = join(dataFolder, FILE);
    this.#committed = createHash('sha256').update(committed.trim()).digest('hex');
  }

  /** Undefined when no saved supergraph followed the committed one. */
  async read(): Promise<string | undefined> {
    const text = await readFile(this.#file, 'utf8').catch(ifMissing);
    const [header, after] = HEADER.exec(text ?? '') ?? [];
    return header !== undefined && after === this.#committed
      ? text?.slice(header.length)
      : undefined;
  }

  async write(supergraph: string): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    // Replaced in one step: a gateway that starts at this moment reads the old or the new file.
    const draft = `${this.#file}.${process.pid}`;
    await writeFile(
      draft,
      `# Composed at run time after the committed supergraph ${this.#committed}\n${supergraph}`,
    );
    await rename(draft, this.#file);
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
