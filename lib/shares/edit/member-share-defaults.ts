import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { readDefaults, type ShareDefaults } from "./share-defaults.ts"

/** What a member's new shares begin with. */
export async function findShareDefaults(member: MemberId): Promise<ShareDefaults> {
  const found = await db.member.findUnique({
    where: { id: member },
    select: { shareDefaults: true },
  })
  return readDefaults(found?.shareDefaults)
}

/** Keeps what the member's new shares begin with; shares that exist stay as they are. */
export async function saveShareDefaults(member: MemberId, shareDefaults: ShareDefaults) {
  await db.member.update({ where: { id: member }, data: { shareDefaults }, select: { id: true } })
}
