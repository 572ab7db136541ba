/**
 * Sets the address of the editor's background threads. Without it Monaco runs them in the page and stalls typing.
 * Must be imported before GraphiQL.
 */
window.MonacoEnvironment = {
  getWorker: (_module: string, label: string) => {
    const name = label === 'json' || label === 'graphql' ? label : 'editor';
    return new Worker(new URL(`${name}.worker.js`, import.meta.url));
  },
};
