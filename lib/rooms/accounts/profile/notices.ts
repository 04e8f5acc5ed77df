import "server-only"
import { db } from "#lib/adapters/database.ts"
import { readSigned } from "#lib/adapters/secrets.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"

/** Whether the member gets notices about shares by mail. */
export async function hasNotices(member: MemberId): Promise<boolean> {
  const { notices } = await db.member.findUniqueOrThrow({
    where: { id: member },
    select: { notices: true },
  })
  return notices
}

/** Turns the member's notices on or off, for all shares. */
export async function switchNotices(member: MemberId, notices: boolean): Promise<void> {
  await db.member.update({ where: { id: member }, data: { notices }, select: { id: true } })
}

/**
 * Returns whose notices the link in a mail stops, and whether they are on; null for a link that
 * this installation did not make. Such a link never expires, because it can only stop notices.
 */
export async function findNoticesOf(
  token: string,
): Promise<{ email: string; notices: boolean } | null> {
  const id = memberOf(token)
  if (id === null) return null
  return db.member.findUnique({
    where: { id, deletedAt: null },
    select: { email: true, notices: true },
  })
}

/** Stops all notices of the link's member. Returns false for a link that is not valid. */
export async function stopNotices(token: string): Promise<boolean> {
  const id = memberOf(token)
  if (id === null) return false
  const { count } = await db.member.updateMany({
    where: { id, deletedAt: null },
    data: { notices: false },
  })
  return count > 0
}

function memberOf(token: string) {
  const id = readSigned("notices", token)
  return id !== null && isUuid(id) ? id : null
}
