import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { say } from "#lib/adapters/text/sentences.ts"
import { type AdminId, Email, emailProblem } from "#lib/rooms/accounts/member.ts"
import { addressOf } from "./addresses-of-list.ts"
import type { InvitePreview } from "./invite.ts"

/** Returns what inviting each of these addresses would do. Duplicates are counted once. */
export async function previewInvites(
  _admin: AdminId,
  emails: string[],
  locale: Locale,
): Promise<InvitePreview[]> {
  const addresses = emails.map(addressOf)
  const listed = [...new Set(addresses.map((email) => Email.safeParse(email).data ?? email.trim()))]
  const rows = await db.$queryRaw<Omit<InvitePreview, "problem">[]>`
    SELECT email, CASE
      WHEN EXISTS (SELECT FROM member WHERE member.email = listed.email AND member_kind = 'person') THEN 'member'
      WHEN EXISTS (SELECT FROM invite WHERE invite.email = listed.email AND used_at IS NULL
        AND expires_at > statement_timestamp()) THEN 'again'
      ELSE 'new' END AS outcome
    FROM unnest(${listed}::text[]) WITH ORDINALITY AS listed (email, place) ORDER BY place`
  return rows.map((row) => {
    if (Email.safeParse(row.email).success) return { ...row, problem: null }
    const { key, values } = emailProblem(row.email)
    return { ...row, outcome: "invalid", problem: say(key, values, locale) }
  })
}
