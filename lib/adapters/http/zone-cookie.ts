/** The cookie with the time zone of the browser, in which the server renders times. */
export const ZONE_COOKIE = "lapse_zone"
