import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { findPublicAccess, type PublicAccess } from "#lib/adapters/storage.ts"

/** The sentence for operators about each kind of public access. */
export const PUBLIC_SENTENCES: Record<PublicAccess, string> = {
  get: "The bucket is public: whoever knows the address of an object downloads it without a link.",
  signature: "The store does not verify signatures: download addresses can be forged.",
  list: "The bucket is public: anyone can list what is in it.",
}

type Latest = { found: PublicAccess | null }

/** The access that strangers have to the store; null for none, or before the first test. */
export const publicAccess = () => processWide("publicAccess", (): Latest => ({ found: null }))

/** Tests what access strangers have to the store, and logs it. An outage keeps the last result. */
export async function checkPublicAccess(): Promise<void> {
  const found = await findPublicAccess(await databaseTime())
  publicAccess().found = found
  if (found) log.warn(`${PUBLIC_SENTENCES[found]} Admin, Checks says how to close it.`)
}
