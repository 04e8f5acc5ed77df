// Sizes in bytes, lengths of time in milliseconds, and times from now.

export const MIB = 1024 ** 2
export const GIB = 1024 ** 3

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const inHours = (hours: number) => new Date(Date.now() + hours * HOUR)
export const inDays = (days: number) => inHours(24 * days)

export const past = () => inHours(-1)
export const future = () => inHours(1)
