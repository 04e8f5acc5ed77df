import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { readDefaults, type ShareDefaults } from "./share-defaults.ts"

/** Returns the conditions that a member's new shares have by default. */
export async function findShareDefaults(member: OwnerId): Promise<ShareDefaults> {
  const found = await db.member.findUnique({
    where: { id: member },
    select: { shareDefaults: true },
  })
  return readDefaults(found?.shareDefaults)
}

/** Stores the defaults for the member's new shares; existing shares do not change. */
export async function saveShareDefaults(member: OwnerId, shareDefaults: ShareDefaults) {
  await db.member.update({ where: { id: member }, data: { shareDefaults }, select: { id: true } })
}
