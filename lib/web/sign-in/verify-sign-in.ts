import "server-only"
import type { NextRequest } from "next/server"
import { z } from "zod"
import { parse } from "#lib/adapters/http/input.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import { refuseBeyondAscii } from "#lib/rooms/accounts/member.ts"
import type { VerifiedMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { verifyCredentials } from "#lib/rooms/accounts/sign-in/verify-credentials.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { cookieReader } from "./session-cookie.ts"

/** The fields of a sign-in. They are validated, because JSON could contain any type. */
const Credentials = z.object({
  email: z.string(sentence("input_email")).superRefine(refuseBeyondAscii).default(""),
  password: z.string(sentence("input_password")).default(""),
  code: z.string(sentence("input_code")).default(""),
})

/** Returns the claim of the member whose credentials a request sends, as verifyCredentials does. */
export async function verifySignIn(
  request: NextRequest,
  credentials: unknown,
  onPassword?: (member: VerifiedMember) => void,
): Promise<VerifiedMember | null> {
  return verifyCredentials({
    ...parse(Credentials, credentials),
    address: clientAddress(request.headers),
    cookie: cookieReader(request),
    ...(onPassword && { onPassword }),
  })
}
