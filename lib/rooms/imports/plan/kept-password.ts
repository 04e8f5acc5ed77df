// Matches argon2 hashes and their cost. The cost decides how long a sign-in or unlock takes, so
// very expensive hashes are not kept.
const ARGON2 =
  /^\$argon2(?:id|i|d)\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/
const MAX_MEMORY_KIB = 256 * 1024
const MAX_PASSES = 10
const MAX_LANES = 16

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
const MIN_COST = 4
const MAX_COST = 14

/** Whether Lapse can check a password against another app's hash within a reasonable time. */
export function isKept(hash: string): boolean {
  const [, memory, passes, lanes] = ARGON2.exec(hash) ?? []
  if (memory !== undefined)
    return (
      Number(memory) >= 8 * Number(lanes) &&
      Number(memory) <= MAX_MEMORY_KIB &&
      between(Number(passes), 1, MAX_PASSES) &&
      between(Number(lanes), 1, MAX_LANES)
    )
  const [, cost] = BCRYPT.exec(hash) ?? []
  return cost !== undefined && between(Number(cost), MIN_COST, MAX_COST)
}

const between = (value: number, least: number, most: number) => value >= least && value <= most
