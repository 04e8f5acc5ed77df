const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/

/** Whether the host name of a URL leads to the machine itself, so that others cannot open it. */
export const isLoopback = (hostname: string) => LOOPBACK.test(hostname)
