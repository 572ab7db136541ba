/** Header by which the gateway says that a request makes a subgraph read much, and its value. */
export const WORK_HEADER = 'x-vierblatt-work';
export const HEAVY = 'heavy';
