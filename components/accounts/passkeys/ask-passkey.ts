"use client"

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/browser"

const load = () => import("@simplewebauthn/browser")

/** Whether this browser has passkeys. Only known in the browser. */
export const hasPasskeySupport = () => typeof window.PublicKeyCredential === "function"

/** Whether this browser offers passkeys in the suggestions of a field. */
export const hasPasskeySuggestions = async () =>
  hasPasskeySupport() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true

/** Asks for a passkey; null if the person cancels. `suggests` waits in the field's suggestions. */
export async function askPasskey(
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
  { suggests = false } = {},
): Promise<AuthenticationResponseJSON | null> {
  const { startAuthentication } = await load()
  return orNull(startAuthentication({ optionsJSON, useBrowserAutofill: suggests }))
}

/** Makes a passkey. Null if the person cancels, "exists" if the device has one for this account. */
export async function makePasskey(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<RegistrationResponseJSON | "exists" | null> {
  const { startRegistration } = await load()
  return orNull(
    startRegistration({ optionsJSON }).catch((error: unknown) => {
      if (isNamed(error, "InvalidStateError")) return "exists" as const
      throw error
    }),
  )
}

const orNull = <Answer>(answer: Promise<Answer>): Promise<Answer | null> =>
  answer.catch((error: unknown) => {
    if (isNamed(error, "NotAllowedError") || isNamed(error, "AbortError")) return null
    throw error
  })

/** The names of the errors that browsers throw are standardized; the library keeps them. */
const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name
