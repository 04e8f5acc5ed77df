import { processWide } from "#lib/adapters/process-wide.ts"

type Pool = {
  totalCount: number
  idleCount: number
  waitingCount: number
  options: { max: number }
  ending: boolean
}

/** The database pools of this process that have not ended, by the name of their connections. */
export function openPools(): Map<string, Pool> {
  const pools = processWide("pools", () => new Map<string, Pool>())
  for (const [name, pool] of pools) if (pool.ending) pools.delete(name)
  return pools
}
