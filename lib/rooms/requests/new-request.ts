/** What a new request has unless its owner says otherwise. The form shows it, without any schema. */
export const NEW_REQUEST = { days: 14, maxFiles: 1_000, maxBytes: 10_000_000_000 }
