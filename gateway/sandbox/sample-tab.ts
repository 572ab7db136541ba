/** A tab with an operation and the initial values of its variables. */
export interface SampleTab {
  query: string;
  variables?: string;
}

/** Returns the text of the variables of a tab. */
export const variables = (values: object) => JSON.stringify(values, null, 2);
