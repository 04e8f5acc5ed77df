import { type Prisma, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { type MemberView, roleOf } from "./member.ts"

export const memberColumns = {
  id: true,
  name: true,
  email: true,
  role: true,
  auditor: true,
  disabledAt: true,
  quotaBytes: true,
  usedBytes: true,
  lastSignInAt: true,
  createdAt: true,
} as const

export const memberSql = sql`id, name, email, role, auditor, disabled_at AS "disabledAt",
  quota_bytes AS "quotaBytes", used_bytes AS "usedBytes", last_sign_in_at AS "lastSignInAt",
  created_at AS "createdAt"`

export type MemberRow = Prisma.MemberGetPayload<{ select: typeof memberColumns }>

export function memberView(row: MemberRow): MemberView {
  const { role, auditor, disabledAt, quotaBytes, usedBytes, lastSignInAt, createdAt, ...same } = row
  return {
    ...same,
    role: roleOf({ role, auditor }),
    name: plainName(row.name),
    disabled: disabledAt !== null,
    disabledAt: disabledAt?.toISOString() ?? null,
    quotaBytes: quotaBytes === null ? null : Number(quotaBytes),
    usedBytes: Number(usedBytes),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}
