import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import type { PartsInput } from "./file.ts"
import { inOnePut } from "./list-parts.ts"

/** PUTs for some parts of a multipart upload. Refuses `conflict` for an upload in one PUT. */
export async function signParts(
  owner: MemberId,
  id: string,
  _input: PartsInput,
): Promise<{ parts: { partNumber: number; url: string; headers: Record<string, string> }[] }> {
  throw await inOnePut(owner, id)
}
