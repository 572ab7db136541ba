/** Settings of the test run. Only this file reads the environment for tests. */
export const testSettings = {
  /** URL of the test run's PostgreSQL, see cluster/setup.mjs. */
  clusterUrl: process.env['VIERBLATT_TEST_CLUSTER'],
  /** The folder that the processes of the test run share, removed at its end. */
  sharedFolder: process.env['VIERBLATT_TEST_FOLDER'],
  chromiumPath: process.env['CHROMIUM_PATH'],
  path: process.env['PATH'] ?? '',
};

/** Returns the environment of this process for a child, without the options of the test runner, with these variables. */
export function inheritedEnvironment(variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '', ...variables };
}

/** Returns an environment that holds none of the shell's settings, only its path and its home folder, and these variables. */
export function cleanEnvironment(variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], ...variables };
}

/** Returns the environment of this process without the variables of which the name matches. */
export function environmentWithout(names: RegExp): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)));
}

/** Runs a function while this process has these variables, as if the shell had set them. */
export async function withVariables(
  variables: Record<string, string>,
  act: () => Promise<void>,
): Promise<void> {
  Object.assign(process.env, variables);
  try {
    await act();
  } finally {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  }
}
