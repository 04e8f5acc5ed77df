import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { Refusal } from "#lib/errors.ts"
import { requireFile } from "./require-file.ts"

/** The parts the store already has of a multipart upload. Refuses `conflict` for an upload in one PUT. */
export async function listParts(
  owner: MemberId,
  id: string,
): Promise<{ parts: { partNumber: number; size: number }[] }> {
  throw await inOnePut(owner, id)
}

/** Why a file has no parts to list or sign: it comes in one PUT, or has come already. */
export async function inOnePut(owner: MemberId, id: string) {
  const { name, status } = await requireFile(owner, id)
  return new Refusal(
    "conflict",
    status === "ready"
      ? `“${name}” has arrived already.`
      : `“${name}” is uploaded in one piece, not in parts.`,
  )
}
