import "server-only"
import { databaseTime } from "#lib/database/time.ts"
import { log } from "#lib/monitoring/log.ts"
import { findOpening } from "#lib/storage.ts"
import { hostState, type Opening } from "./host-state.ts"

/** What an opening means, for operators. */
export const OPENING_SENTENCES: Record<Opening, string> = {
  get: "The bucket is public: whoever knows the address of an object downloads it without a link.",
  signature: "The store does not verify signatures: download addresses can be forged.",
  list: "The bucket is public: anyone can list what is in it.",
}

/** Looks at what the store lets strangers do, and logs it. Keeps the earlier result in an outage. */
export async function lookAtStore(): Promise<void> {
  const opening = await findOpening(await databaseTime())
  hostState().opening = opening
  if (opening) log.warn(`${OPENING_SENTENCES[opening]} Admin, Checks says how to close it.`)
}
