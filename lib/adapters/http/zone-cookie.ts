/** The cookie with the time zone of a member's browser, for charts that the server draws by day. */
export const ZONE_COOKIE = "lapse_zone"
