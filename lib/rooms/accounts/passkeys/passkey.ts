import "server-only"
import { z } from "zod"
import { hasHidden } from "#lib/adapters/text/hidden-characters.ts"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"

/** A passkey as its member sees it. Times are ISO 8601 UTC. */
export const PasskeyView = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** Whether the passkey is backed up, so that it survives the loss of its device. */
  backedUp: z.boolean(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  /** The host that the passkey works for; null if it is the host of this installation. */
  otherHost: z.string().nullable(),
})
export type PasskeyView = z.infer<typeof PasskeyView>

const PasskeyName = PlainText.pipe(
  z
    .string()
    .min(1, sentence("input_name"))
    .max(60, sentence("input_most", { count: 60 }))
    .refine((name) => !hasHidden(name), sentence("input_name_line")),
)

export const PasskeyEdit = z.strictObject({ name: PasskeyName })
export type PasskeyEdit = z.infer<typeof PasskeyEdit>

const Base64 = z
  .string()
  .max(20_000)
  .regex(/^[\w-]+$/)
const Id = Base64.max(1_400)

/** The fields that every answer of a passkey has (WebAuthn, in JSON). */
const answered = {
  id: Id,
  rawId: Id,
  type: z.literal("public-key"),
  // No extensions are requested.
  clientExtensionResults: z.unknown().transform(() => ({})),
}

/** A new passkey, as the browser made it. */
export const NewPasskey = z.strictObject({
  name: PasskeyName,
  credential: z.object({
    ...answered,
    response: z.object({
      clientDataJSON: Base64,
      attestationObject: Base64,
      transports: z.array(z.string().max(40)).max(10).default([]),
    }),
  }),
})
export type NewPasskey = z.infer<typeof NewPasskey>

export const PasskeyAnswer = z.object({
  ...answered,
  response: z.object({
    clientDataJSON: Base64,
    authenticatorData: Base64,
    signature: Base64,
    userHandle: Base64.optional(),
  }),
})
export type PasskeyAnswer = z.infer<typeof PasskeyAnswer>
