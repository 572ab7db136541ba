/** An id that nothing has. */
export const UNKNOWN_ID = '6f1c3f0e-0000-4000-8000-000000000000';
