import { randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
  type JWSHeaderParameters,
} from 'jose';
import { MINUTE_MS } from '../time/rules.js';

/** Names of those who sign: a service, or the issuer of development tokens. */
export type Signer = 'gateway' | 'development-issuer' | (string & {});

export interface SigningKey {
  kid: string;
  key: CryptoKey;
}

type PrivateKey = JWK & { kid: string; d: string };

/** How long a removed public key may still be trusted by those who run. */
const READ_AGAIN_AFTER_MS = MINUTE_MS;

const folderOf = (dataFolder: string) => join(dataFolder, 'keys');
/** A folder for each signer, so that only the signer needs to be able to write there. */
const publicFolderOf = (dataFolder: string, signer: string) =>
  join(folderOf(dataFolder), 'public', signer);

/**
 * The Ed25519 key a signer signs with, made on first use. There is one file that decides: `<signer>.private.json`, readable
 * by its owner only (0600). Its public half, which is what the others trust, is written to the folder `public/<signer>` under
 * the name of the key before anybody can sign with it. To rotate a key, remove or replace the private file; tokens of the old
 * one are good until its `public/<signer>/<kid>.json` is removed.
 */
export async function signingKey(dataFolder: string, signer: Signer): Promise<SigningKey> {
  const folder = folderOf(dataFolder);
  const file = join(folder, `${signer}.private.json`);
  let jwk = privateKey(file);
  while (!jwk) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await offerKey(file);
    jwk = privateKey(file);
  }
  const published = publicFolderOf(dataFolder, signer);
  mkdirSync(published, { recursive: true, mode: 0o700 });
  publish(join(published, `${jwk.kid}.json`), jwk);
  return { kid: jwk.kid, key: (await importJWK(jwk, 'EdDSA')) as CryptoKey };
}

/**
 * Finds the public key a token names among those of the given signers. An unknown key id reads the folder again,
 * so a signer that was started or rotated later is known without a restart.
 */
export function publicKeys(
  dataFolder: string,
  signers: Iterable<string>,
  now: () => number = Date.now,
) {
  let known = read();
  return async (header: JWSHeaderParameters): Promise<CryptoKey> => {
    const isOld = now() - known.readAt > READ_AGAIN_AFTER_MS;
    if (isOld || !known.kids.has(header.kid ?? '')) known = read();
    return known.find({ alg: 'EdDSA', ...header });
  };

  function read() {
    const keys = [...signers].flatMap((signer) => {
      const folder = publicFolderOf(dataFolder, signer);
      const files = existsSync(folder) ? readdirSync(folder) : [];
      return files
        .filter((file) => file.endsWith('.json'))
        .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as JWK);
    });
    return {
      readAt: now(),
      kids: new Set(keys.map((key) => key.kid)),
      find: createLocalJWKSet({ keys }),
    };
  }
}

function privateKey(file: string): PrivateKey | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PrivateKey;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes a key and puts it there, unless another was quicker: a link is never made over a file that is there already. */
async function offerKey(file: string): Promise<void> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const kid = await calculateJwkThumbprint(await exportJWK(pair.publicKey));
  const draft = writeDraft(file, { ...(await exportJWK(pair.privateKey)), kid });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

/** Writes the same however often and by whichever process it is called. */
function publish(file: string, { d: _secret, ...publicHalf }: PrivateKey): void {
  if (!existsSync(file)) renameSync(writeDraft(file, publicHalf), file);
}

/** Written whole before it gets its name, so that no reader ever sees half a key. */
function writeDraft(file: string, content: unknown): string {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
  return draft;
}
