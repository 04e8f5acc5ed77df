// Revokes every share as a separate process: node testing/children/bulk-change-child.ts
// KIND MEMBER_ID. Reports its beginning and its end, so that it can be killed in between.
import { setTimeout as sleep } from "node:timers/promises"
import { db } from "#lib/adapters/database.ts"
import type { AdminId, PersonId } from "#lib/rooms/accounts/member.ts"
import { revokeOwnShares } from "#lib/rooms/shares/revoke/revoke-own-shares.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"

const [kind = "", member = ""] = process.argv.slice(2)

const CHANGES: Record<string, () => Promise<unknown>> = {
  plain: () => revokeShares(member as AdminId, { all: true }),
  cutOff: () => revokeShares(member as AdminId, { all: true, cutOff: true }),
  own: async () => revokeOwnShares(member as PersonId, await allIds(), { cutOff: true }),
}

const allIds = async () => (await db.share.findMany({ select: { id: true } })).map(({ id }) => id)

await db.$queryRaw`SELECT 1`
process.send?.("begins")
await CHANGES[kind]?.()
while ((await db.bulkChange.count({ where: { doneAt: null } })) > 0) await sleep(20)
process.send?.("done")
process.exit(0)
