import "server-only"
import type { Tx } from "#lib/adapters/database.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { endResets } from "./passwords/end-resets.ts"
import { endSessionsOf } from "./sign-in/session.ts"
import { endTokensOf } from "./tokens/end-tokens.ts"

/** `actId` is the audit entry of disabling the member. */
type Disabled = { ownerId: string; actorId: string | null; actId: string }

/** Ends what other rooms store for a member, in the transaction that disables the member. */
export type OnDisable = (tx: Tx, disabled: Disabled) => Promise<void>

type Disabling = {
  id: string
  /** The admin who disables the member; null if the provider's rules do. */
  actorId: string | null
  now: Date | null
  details: { member: string; how?: "provider"; provider?: string | null }
  onDisable: OnDisable
}

/** Disables a member whose row is locked, and permanently ends sessions, tokens and reset links. */
export async function disableMember(
  tx: Tx,
  { id, actorId, now, details, onDisable }: Disabling,
): Promise<void> {
  const data = { disabledAt: now, sessionEpoch: { increment: 1 } }
  await tx.member.update({ where: { id }, data, select: { id: true } })
  await endSessionsOf(tx, id)
  await endTokensOf(tx, id)
  await endResets(tx, id)
  const entry = { actorId, action: "member.disable", targetId: id, details }
  await onDisable(tx, { ownerId: id, actorId, actId: await recordAudit(tx, entry) })
}
