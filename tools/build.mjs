// JavaScript, because it runs before anything is compiled.
/**
 * Builds what is stale: generated code, the sandbox page, and `dist/`. Says one line per step that it runs and nothing when
 * there is nothing to do. `npm run build`, and before every `npm start`.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiling, generating, isEveryToolInstalled, OUTPUT } from './build/steps.mjs';
import { isStale, stamp } from './build/stamps.mjs';
import { underLock } from './build/lock.mjs';

/** A step that cannot be done: its message is for the user, its output is what the step said. */
export class BuildFailure extends Error {
  /** @param {string} message @param {string} [output] */
  constructor(message, output = '') {
    super(message);
    this.output = output;
  }
}

/**
 * @param {object} [options]
 * @param {(line: string) => void} [options.say] gets one line per step
 * @param {boolean} [options.despiteTypeErrors] a type error is left to `npm run check`; the code is written all the same
 */
export async function build({ say = console.log, despiteTypeErrors = false } = {}) {
  if (!isEveryToolInstalled()) {
    if (existsSync(OUTPUT)) return;
    throw new BuildFailure(
      'Nothing is built yet and the tools to build with are not installed. Run npm ci without --omit=dev, then npm start.',
    );
  }
  if (!(await isAnythingStale())) return;
  await underLock(async () => {
    await Promise.all(generating().map((step) => run(step, say)));
    for (const step of compiling()) await run(step, say, despiteTypeErrors);
  });
}

async function isAnythingStale() {
  const listings = new Map();
  return [...generating(), ...compiling()].some((step) => isStale(step, listings));
}

async function run(step, say, forgiving = false) {
  if (!isStale(step)) return;
  say(`Building ${step.name} ...`);
  const { status, output } = await step.run();
  if (status === 0) return stamp(step);
  if (forgiving) return;
  throw new BuildFailure(`Building ${step.name} failed. ${step.advice}`, output);
}

/** Builds, or ends the process with the failed step's output and one line that says what to do. */
export async function buildOrExit(options) {
  try {
    await build(options);
  } catch (error) {
    if (error.output) console.error(error.output.trimEnd());
    console.error(adviceFor(error));
    process.exit(1);
  }
}

function adviceFor(error) {
  if (error instanceof BuildFailure) return error.message;
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
    return `The project is not built for its present sources, and ${error.path} cannot be written. Run npm run build as the owner of the project's folder.`;
  }
  throw error;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildOrExit();
