/**
 * The milliseconds of processor time that this process has used. A limit for a computation in these
 * does not depend on what else the machine does.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
