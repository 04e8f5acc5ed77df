import "server-only"
import { type AdminId, Email } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import type { InvitePreview } from "./invite.ts"

/** Returns what inviting each of these addresses would do; one that is listed twice is one. */
export async function previewInvites(_admin: AdminId, emails: string[]): Promise<InvitePreview[]> {
  const listed = [...new Set(emails.map((email) => Email.safeParse(email).data ?? email.trim()))]
  const rows = await db.$queryRaw<InvitePreview[]>`
    SELECT email, CASE
      WHEN EXISTS (SELECT FROM member WHERE member.email = listed.email) THEN 'member'
      WHEN EXISTS (SELECT FROM invite WHERE invite.email = listed.email AND used_at IS NULL
        AND expires_at > statement_timestamp()) THEN 'again'
      ELSE 'new' END AS outcome
    FROM unnest(${listed}::text[]) WITH ORDINALITY AS listed (email, place) ORDER BY place`
  return rows.map((row) =>
    Email.safeParse(row.email).success ? row : { ...row, outcome: "invalid" },
  )
}
