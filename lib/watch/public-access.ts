import "server-only"
import { databaseTime } from "#lib/database/time.ts"
import { log } from "#lib/monitoring/log.ts"
import { processWide } from "#lib/process-wide.ts"
import { findPublicAccess, type PublicAccess } from "#lib/storage.ts"

/** What public access means, for operators. */
export const PUBLIC_SENTENCES: Record<PublicAccess, string> = {
  get: "The bucket is public: whoever knows the address of an object downloads it without a link.",
  signature: "The store does not verify signatures: download addresses can be forged.",
  list: "The bucket is public: anyone can list what is in it.",
}

type Latest = { found: PublicAccess | null }

/** What the store lets strangers do; null for nothing, and before it was tried. */
export const publicAccess = () => processWide("publicAccess", (): Latest => ({ found: null }))

/**
 * Checks what the store lets strangers do, and logs it. Keeps the earlier result in an outage.
 */
export async function checkPublicAccess(): Promise<void> {
  const found = await findPublicAccess(await databaseTime())
  publicAccess().found = found
  if (found) log.warn(`${PUBLIC_SENTENCES[found]} Admin, Checks says how to close it.`)
}
