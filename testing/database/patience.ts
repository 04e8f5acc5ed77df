import { CLIENT_TIMEOUTS } from "#lib/adapters/database/db-timeouts.ts"

/** The app's own limits, for tests of outages. */
export const OWN_TIMEOUTS = { ...CLIENT_TIMEOUTS }

// In all other tests a database that answers late is no outage: the machine is loaded.
CLIENT_TIMEOUTS.margin = 60_000
