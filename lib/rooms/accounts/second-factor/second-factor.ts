import "server-only"
import { z } from "zod"
import { sentence } from "#lib/adapters/text/sentences.ts"

/** A code from an authenticator app or a recovery code, without added spaces and dashes. */
export const Code = z
  .string()
  .max(60)
  .transform((code) => code.replace(/[\s-]/g, "").toUpperCase())

/** Input that turns codes on: the secret that the app was given, and a code that it shows. */
export const NewSecondFactor = z.strictObject({
  secret: z.string().regex(/^[A-Z2-7]{32}$/, sentence("input_scan")),
  code: Code,
})
export type NewSecondFactor = z.infer<typeof NewSecondFactor>

/** A secret for an authenticator app, and the address in its QR code. */
export const SecretView = z.strictObject({ secret: z.string(), url: z.string() })
export type SecretView = z.infer<typeof SecretView>

/** Only the call that makes recovery codes returns them. */
export const RecoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()) })
export type RecoveryCodes = z.infer<typeof RecoveryCodes>

/** The member's authenticator app. Times are ISO 8601 UTC. */
export const SecondFactorView = z.strictObject({
  /** Null if there is none. */
  since: z.iso.datetime().nullable(),
  recoveryCodesLeft: z.int(),
  /** Whether a setting requires a second factor of every member. */
  required: z.boolean(),
})
export type SecondFactorView = z.infer<typeof SecondFactorView>
