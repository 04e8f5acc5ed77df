import "server-only"
import { z } from "zod"
import { english } from "#lib/adapters/text/sentences.ts"
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
  english("input_confirmation"),
)
export type Confirmation = z.infer<typeof Confirmation>

/** The ways in which the member can confirm their identity in this browser. */
export type ConfirmMeans = {
  /** Whether a recent sign-in or confirmation still counts. */
  confirmed: boolean
  password: boolean
  code: boolean
  passkey: boolean
  /** The provider, at which a sign-in in a separate window confirms the member; null for none. */
  provider: ProviderMeans | null
}

export type ProviderMeans = { name: string; path: string }
