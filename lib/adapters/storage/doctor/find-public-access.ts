import "server-only"
import { randomBytes } from "node:crypto"
import { withProbe } from "../capabilities.ts"
import { presignGet } from "../presign.ts"
import { SIGNER_PROBE_PREFIX } from "../probe-signers.ts"
import { storageClient } from "../storage-client.ts"
import { ask } from "./answers.ts"

/** The access of strangers: to download without a valid signature, or to list the bucket. */
export type PublicAccess = "get" | "signature" | "list"

/**
 * Tests with a new object which access strangers have at the endpoint for browsers. Returns null
 * for none. Throws if the store does not answer.
 */
export function findPublicAccess(now: Date): Promise<PublicAccess | null> {
  const bytes = randomBytes(16).toString("hex")
  return withProbe(SIGNER_PROBE_PREFIX, bytes, async (key) => {
    const { href } = await storageClient().publicBaseUrl
    // A proxy may answer every request with a page, so the bytes decide.
    if ((await read(`${href}${key}`)).includes(bytes)) return "get"
    const signed = await presignGet({
      key,
      colour: null,
      claim: bytes,
      name: "probe",
      contentType: "text/plain",
      disposition: "attachment",
      expiresInSeconds: 60,
      signedAt: now,
    })
    const forged = signed.replace(/(X-Amz-Signature=)[0-9a-f]+/, `$1${"0".repeat(64)}`)
    if ((await read(forged)).includes(bytes)) return "signature"
    const query = new URLSearchParams({ "list-type": "2", prefix: key })
    return (await read(`${href}?${query}`)).includes("<ListBucketResult") ? "list" : null
  })
}

async function read(url: string): Promise<string> {
  const { status, text } = await ask(url)
  return status < 300 ? text : ""
}
