import { spawnSync, type SpawnOptions } from 'node:child_process';
import { existsSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { StartRefusal } from '../host/refusal.js';

/** How to run a PostgreSQL program so that it may run and reaches its files. */
export interface PostgresUser {
  /** Command and options put before the program. */
  prefix: readonly string[];
  options: Pick<SpawnOptions, 'uid' | 'gid' | 'env' | 'cwd'>;
  /** The owner that the database's files must have; left out where they are the starting user's anyway. */
  owner?: Owner;
}

interface Owner {
  uid: number;
  gid: number;
}

const NOBODY: Owner = { uid: 65534, gid: 65534 };

/** Nothing of the user's environment reaches the server; its messages are English, because they are read here. */
const PLAIN = {
  env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' },
  cwd: '/',
};

/** Shows the server the starting user's files as those of `nobody`, and him as that. */
const AS_NOBODY = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];

/**
 * PostgreSQL refuses to run as root, because a hole in it would be a hole in the machine. So root lends it another
 * user: the owner of the database's files, `nobody` at first. That user cannot pass folders of mode 700, such as
 * root's home; there the server keeps the one capability that lets it (the securebit makes access(2) honour it).
 * Where that is not possible either, a user namespace shows the server root's own files as those of an ordinary user;
 * that also helps a user whom the system has no name for, as containers may have, because PostgreSQL looks it up.
 */
export function postgresUser(program: string, dataFolder: string, directory: string): PostgresUser {
  if (process.getuid?.() !== 0) return ordinaryUser(program, dataFolder);
  const owner = presentOwner(directory) ?? NOBODY;
  const ways: PostgresUser[] = [
    { prefix: [], options: { ...PLAIN, ...owner }, owner },
    { prefix: withCapability(owner), options: PLAIN, owner },
    { prefix: AS_NOBODY, options: PLAIN, owner: { uid: 0, gid: 0 } },
  ];
  const way = ways.find((candidate) => reaches(candidate, program, dataFolder));
  if (way) return way;
  throw new StartRefusal(
    `PostgreSQL does not run as root, and no other user reaches ${program} and ${dataFolder}. ` +
      'Start Vierblatt as an ordinary user, or move the project and VIERBLATT_DATA below folders open to all (mode 755).',
  );
}

function ordinaryUser(program: string, dataFolder: string): PostgresUser {
  const self: PostgresUser = { prefix: [], options: PLAIN };
  if (hasName()) return self;
  const way = { ...self, prefix: AS_NOBODY };
  if (reaches(way, program, dataFolder)) return way;
  throw new StartRefusal(
    `PostgreSQL wants the name of its user, and the system has none for user id ${process.getuid?.()}. ` +
      'Start Vierblatt as a user with an entry in /etc/passwd, or set CAPACITY_DATABASE_URL and its like.',
  );
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/** Gives the files of the database to the user that PostgreSQL runs as. */
export function giveTo(user: PostgresUser, path: string): void {
  const { owner } = user;
  if (!owner || !existsSync(path)) return;
  const { uid, gid } = statSync(path);
  if (uid === owner.uid && gid === owner.gid) return;
  try {
    giveWhole(path, owner);
  } catch (error) {
    throw new StartRefusal(
      `The files of the embedded database cannot be given to user ${owner.uid} (${(error as Error).message}). ` +
        'Start Vierblatt as an ordinary user, or set VIERBLATT_DATA to a folder on a local disk.',
    );
  }
}

/** The folder itself comes last: a change that was cut off is seen and done again. */
function giveWhole(path: string, owner: Owner): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) giveWhole(inner, owner);
    else lchownSync(inner, owner.uid, owner.gid);
  }
  lchownSync(path, owner.uid, owner.gid);
}

/** Root may start a hub that an ordinary user began: the files stay his. */
function presentOwner(directory: string): Owner | undefined {
  if (!existsSync(directory)) return undefined;
  const { uid, gid } = statSync(directory);
  return uid === 0 ? undefined : { uid, gid };
}

function withCapability({ uid, gid }: Owner): string[] {
  const only = '-all,+dac_override';
  return [
    'setpriv',
    '--reuid',
    String(uid),
    '--regid',
    String(gid),
    '--clear-groups',
    '--bounding-set',
    only,
    '--inh-caps',
    only,
    '--ambient-caps',
    '+dac_override',
    '--securebits',
    '+no_setuid_fixup',
    '--no-new-privs',
  ];
}

/** Finds out by trying, because modes, access lists, mounts and sandboxes all have a say. */
function reaches({ prefix, options }: PostgresUser, program: string, dataFolder: string): boolean {
  const [command, ...rest] = [...prefix, '/bin/sh', '-c', 'test -r "$0" -a -x "$0" -a -x "$1"'];
  const { status } = spawnSync(command, [...rest, program, dataFolder], {
    ...options,
    stdio: 'ignore',
  });
  return status === 0;
}
