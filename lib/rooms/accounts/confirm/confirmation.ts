import "server-only"
import { z } from "zod"
import { sentence } from "#lib/adapters/text/sentences.ts"
import { PasskeyAnswer } from "../passkeys/passkey.ts"

const text = z.string().min(1).max(1_000)

/** Exactly one proof of the member's identity. */
export const Confirmation = z.union(
  [
    z.strictObject({ password: text }),
    /** A code from the member's authenticator app, or a recovery code. */
    z.strictObject({ code: text }),
    z.strictObject({ passkey: PasskeyAnswer }),
  ],
  sentence("input_confirmation"),
)
export type Confirmation = z.infer<typeof Confirmation>

/** The name of a provider, and the path where its sign-in begins. */
const ProviderMeans = z.strictObject({ name: z.string(), path: z.string() })

/** The ways in which the member can confirm their identity in this browser. */
export const ConfirmMeans = z.strictObject({
  /** Whether a sign-in or a confirmation of the last minutes counts already. */
  confirmed: z.boolean(),
  password: z.boolean(),
  code: z.boolean(),
  passkey: z.boolean(),
  /** The provider whose sign-in, in a separate window, confirms; null without a provider. */
  provider: ProviderMeans.nullable(),
})
export type ConfirmMeans = z.infer<typeof ConfirmMeans>
