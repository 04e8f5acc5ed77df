import "server-only"
import { Refusal } from "#lib/adapters/errors.ts"
import { removePasskeysOf } from "../passkeys/remove-passkey.ts"
import { removeSecondFactorOf } from "./set-second-factor.ts"

/** Removes a member's second factors, for the operator. Returns whether there were any. */
export async function removeSecondFactors(memberId: string): Promise<boolean> {
  const removals = await Promise.allSettled([
    removeSecondFactorOf(null, memberId),
    removePasskeysOf(null, memberId),
  ])
  for (const removal of removals) {
    if (removal.status === "rejected" && !isNotFound(removal.reason)) throw removal.reason
  }
  return removals.some(({ status }) => status === "fulfilled")
}

const isNotFound = (error: unknown) => error instanceof Refusal && error.code === "not_found"
