const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?|.*\.localhost)$/

/** Whether a host name or address leads to the machine itself. IPv6 may be in brackets. */
export const isLoopback = (hostname: string) => LOOPBACK.test(hostname)
