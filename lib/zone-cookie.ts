/** What a member's browser tells of its time zone, for what servers draw by its days. */
export const ZONE_COOKIE = "lapse_zone"
