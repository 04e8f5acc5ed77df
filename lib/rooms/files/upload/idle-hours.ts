/** An upload is given up after this time without progress. */
export const IDLE_HOURS = 72
