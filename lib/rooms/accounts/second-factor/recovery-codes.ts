import "server-only"
import { createHash, randomBytes } from "node:crypto"
import type { Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { ActingMember } from "#lib/rooms/accounts/member.ts"
import { tellMember } from "../tell-member.ts"
import type { RecoveryCodes } from "./second-factor.ts"

const CODES = 10
/** The length of a recovery code. It has 80 bits, so that a plain hash is enough to hide it. */
const LENGTH = 16
// The characters of recovery codes, without letters that look like digits.
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

const newCode = () =>
  Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("")

const hashOf = (code: string) => new Uint8Array(createHash("sha256").update(code).digest())

/** Replaces the member's recovery codes and returns them. They cannot be read later. */
export async function replaceRecoveryCodes(tx: Tx, memberId: string): Promise<RecoveryCodes> {
  const codes = Array.from({ length: CODES }, newCode)
  await tx.recoveryCode.deleteMany({ where: { memberId } })
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ memberId, codeHash: hashOf(code) })),
  })
  return { recoveryCodes: codes.map((code) => code.match(/.{4}/g)?.join("-") ?? code) }
}

/** Replaces the recovery codes. Refuses (conflict) a member without a second factor. */
export async function makeRecoveryCodes(by: ActingMember): Promise<RecoveryCodes> {
  const member = by.id
  return changeCredentials({ by }, async (tx) => {
    if ((await tx.totp.count({ where: { memberId: member } })) === 0)
      throw refusal("conflict", "app_first")
    await tellMember(tx, { memberId: member, actorId: member, what: "recovery_codes" })
    return replaceRecoveryCodes(tx, member)
  })
}

/** Returns whether a recovery code is valid, and uses it up, in one statement. */
export async function spendRecoveryCode(memberId: string, code: string): Promise<boolean> {
  return changeCredentials({ by: null, of: memberId }, async (tx) => {
    const spent = await tx.$executeRaw`
      UPDATE recovery_code SET used_at = statement_timestamp()
      WHERE member_id = ${memberId}::uuid AND code_hash = ${hashOf(code)} AND used_at IS NULL`
    if (spent === 1) await tellMember(tx, { memberId, actorId: memberId, what: "recovery_code" })
    return spent === 1
  })
}
