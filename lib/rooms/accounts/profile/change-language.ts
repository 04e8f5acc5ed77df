import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"

/** Changes the language of the member's pages and mail; null for the browser's. */
export async function changeLanguage(member: MemberId, language: Locale | null): Promise<void> {
  await db.member.update({ where: { id: member }, data: { language }, select: { id: true } })
}
