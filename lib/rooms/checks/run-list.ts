import "server-only"
import type { CheckId, Finding, Need, State } from "#lib/adapters/findings/finding.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { lackOf, storeName } from "#lib/adapters/outages/store-lack.ts"
import { isBroken, reasonOf } from "#lib/adapters/storage.ts"
import { CHECKS } from "./check-list.ts"
import { connectionFinding } from "./connection-finding.ts"
import type { Tools } from "./tools.ts"

export const CHECK_LIMIT = { ms: 15_000 }

const IDS = Object.keys(CHECKS) as CheckId[] // the keys of the table above

/** For each need: the check and the states or codes that meet it, and the code if none does. */
const MEETS = {
  database: { by: "database", states: ["ok", "warn"], code: "no_database" },
  bucket: { by: "credentials", states: ["ok", "warn"], code: "unreachable" },
  // If the clocks could not be compared, another check explains why.
  clocks: { by: "clocks", states: ["ok", "warn", "skipped"], code: "clocks_apart" },
  public: { by: "public_endpoint", states: ["ok", "overrides"], code: "no_public" },
} as const satisfies Record<Need, { by: CheckId; states: (State | "overrides")[]; code: string }>

/**
 * Runs every check whose needs are met, in parallel, after the checks that others need. Takes
 * seconds, and less than a minute if nothing answers.
 */
export async function runList(tools: Tools): Promise<Finding[]> {
  const found = new Map<CheckId, Finding>()
  for (let left = IDS; left.length > 0; left = IDS.filter((id) => !found.has(id))) {
    const ready = left.filter((id) => needsOf(id).every((need) => found.has(MEETS[need].by)))
    for (const each of await Promise.all(ready.map((id) => findingOf(id, found, tools))))
      found.set(each.id, each)
  }
  return IDS.flatMap((id) => found.get(id) ?? [])
}

const STORE = () => ({ place: storeName(), setting: "S3_ENDPOINT" })
const DATABASE = { place: "PostgreSQL", setting: "DATABASE_URL" }

const needsOf = (id: CheckId): readonly Need[] => CHECKS[id].needs ?? []

async function findingOf(id: CheckId, found: Map<CheckId, Finding>, tools: Tools) {
  const unmet = needsOf(id).find((need) => {
    const { by, states } = MEETS[need]
    const finding = found.get(by)
    return !states.some((each) => each === finding?.state || each === finding?.code)
  })
  if (unmet) return { id, state: "skipped", code: MEETS[unmet].code } as const
  return runOne(id, tools)
}

async function runOne(id: CheckId, tools: Tools): Promise<Finding> {
  const late = Symbol("late")
  const { ms } = CHECK_LIMIT
  const limit = new Promise<typeof late>((resolve) => setTimeout(resolve, ms, late).unref())
  try {
    const answer = await Promise.race([checkTwice(id, tools), limit])
    if (answer !== late) return { id, ...answer }
    return { id, state: "fail", code: "timeout", values: { seconds: Math.ceil(ms / 1000) } }
  } catch (error) {
    const isOfStore = needsOf(id).includes("bucket") || CHECKS[id].group === "storage"
    const fault = connectionFinding(error, isOfStore ? STORE() : DATABASE)
    if (fault) return { id, ...fault }
    const lack = lackOf(error)
    if (lack) return { id, state: "fail", code: "unsupported", values: lack }
    const values = { reason: reasonOf(error) }
    if (isOfStore) return { id, state: "fail", code: "failed", values }
    if (!outageOf(error)) log.error({ error, check: id }, "a check failed by itself")
    return { id, state: "fail", code: "broken", values }
  }
}

/** Runs a check again after a broken connection, which proves nothing. */
async function checkTwice(id: CheckId, tools: Tools) {
  try {
    return await CHECKS[id].run(tools)
  } catch (error) {
    if (!isBroken(error)) throw error
    return CHECKS[id].run(tools)
  }
}
