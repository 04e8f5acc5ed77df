import "server-only"
import type { NextRequest } from "next/server"
import { z } from "zod"
import { parse, parseJson } from "#lib/adapters/http/input.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { refuseBeyondAscii } from "#lib/rooms/accounts/member.ts"
import { PasskeyAnswer } from "#lib/rooms/accounts/passkeys/passkey.ts"
import { signInByPasskey } from "#lib/rooms/accounts/passkeys/verify-passkey.ts"
import { signSecondStep, verifySecondStep } from "#lib/rooms/accounts/sign-in/second-step.ts"
import type { VerifiedMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { verifyCredentials } from "#lib/rooms/accounts/sign-in/verify-credentials.ts"
import { fieldsOf } from "#lib/web/forms/form-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { challengeOf } from "./challenge-cookie.ts"
import { cookieReader } from "./session-cookie.ts"

const FIELDS = ["email", "password", "code", "step"]
const Credentials = z.object({
  email: z.string().superRefine(refuseBeyondAscii),
  password: z.string(),
  code: z.string(),
  step: z.string(),
})

/**
 * Returns the claim of the member with the fields `email`, `password` and, where a second factor is
 * on, `code`. A page without script asks for the code alone, and sends `step` in place of the
 * password; it is set here. Refuses (wrong_credentials), and as verifyCredentials does.
 */
export async function verifySignIn(
  form: URLSearchParams,
  request: NextRequest,
): Promise<VerifiedMember> {
  const { step, code, ...given } = parse(Credentials, fieldsOf(form, FIELDS))
  const sender = senderOf(request)
  if (step) {
    const claim = await verifySecondStep({ step, code, ...sender })
    if (claim) return claim
    form.delete("step") // the page asks for the password again
    throw refusal("invalid", "code_too_late")
  }
  const onPassword = (member: VerifiedMember) => form.set("step", signSecondStep(member))
  const claim = await verifyCredentials({ ...given, code, ...sender, onPassword })
  if (!claim) throw refusal("wrong_credentials", "credentials")
  return claim
}

/**
 * Returns the claim of the member whose passkey answered: the field `answer` is what the browser
 * returned, as JSON. Refuses (invalid) any other.
 */
export async function verifyPasskey(
  form: URLSearchParams,
  request: NextRequest,
): Promise<VerifiedMember> {
  const answer = parse(PasskeyAnswer, parseJson(form.get("answer") ?? ""))
  const challenge = challengeOf(request)
  const claim = await signInByPasskey({ answer, challenge, ...senderOf(request) })
  if (!claim) throw refusal("invalid", "passkey")
  return claim
}

const senderOf = (request: NextRequest) => ({
  address: clientAddress(request.headers),
  cookie: cookieReader(request),
})
