/** Shortens a user agent, because strangers choose its length. */
export const readableAgent = (userAgent: string) => userAgent.slice(0, 500)
