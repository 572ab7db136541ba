import { fork } from 'node:child_process';

export interface ChildPlan {
  /** Its name for the user: "gateway", or the subgraph's name. */
  name: string;
  /** Absolute path of the program. */
  module: string;
  environment: NodeJS.ProcessEnv;
}

/** One run of a child process. */
export interface Life {
  /** Resolves when the child is ready; never, when it ends before. */
  ready: Promise<void>;
  /** Resolves when it has exited, with a line that says why. */
  ended: Promise<string>;
  /** Ends it with SIGTERM, by force after `patience` milliseconds; resolves when it has exited. */
  end(patience: number): Promise<void>;
}

/**
 * MiB of each half of V8's young generation, four times its default: rows of large reads stay there until they are garbage.
 * With the default they are copied several times, for up to a third of the processor time of a burst. The Dockerfile sets the same.
 */
const YOUNG_GENERATION = '--max-semi-space-size=64';

/** Without it graphql-js looks for a second copy of itself at every check of a type. The Dockerfile sets the same. */
const NODE_ENV = 'production';

type Message = { type: 'ready' } | { type: 'refused'; message: string };

/** Starts the child. Its output goes to standard error, because standard output ends with the ready line. */
export function launch({ name, module, environment }: ChildPlan): Life {
  const child = fork(module, [], {
    env: { NODE_ENV, ...environment },
    execArgv: [YOUNG_GENERATION],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  let refusal: string | undefined;
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: Message) => {
      if (message.type === 'ready') resolve();
      if (message.type === 'refused') refusal = message.message;
    });
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(`The ${name} cannot be run: ${message}.`));
    // 'close' and not 'exit': a refusal sent just before the end is read first.
    child.once('close', (status, signal) => {
      resolve(
        refusal ?? `The ${name} ended with ${signal ? `signal ${signal}` : `status ${status}`}.`,
      );
    });
  });
  return {
    ready,
    ended,
    async end(patience) {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), patience);
      await ended;
      clearTimeout(force);
    },
  };
}
