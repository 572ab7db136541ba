import { digestOfFolder, revisionOf } from '../../shared/database/index.js';

/** The revision file of a folder of functions as it has to be: a higher revision for other files. */
export async function currentRevision(folder: string): Promise<string> {
  const written = await revisionOf(folder);
  const sha256 = await digestOfFolder(folder);
  const revision = written.sha256 === sha256 ? written.revision : written.revision + 1;
  return JSON.stringify({ revision, sha256 }, null, 2);
}
