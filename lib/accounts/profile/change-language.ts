import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import type { Locale } from "#lib/text/languages.ts"

/** Changes the language of the member's pages and mail; null for the browser's. */
export async function changeLanguage(member: MemberId, language: Locale | null): Promise<void> {
  await db.member.update({ where: { id: member }, data: { language }, select: { id: true } })
}
