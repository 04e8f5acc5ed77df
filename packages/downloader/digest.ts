import "client-only"
import { createSHA256 } from "hash-wasm"

/**
 * Creates an empty SHA-256. A separate module, so that a bundle which loads it on demand contains
 * no other hash of that library.
 */
export async function createDigest() {
  const hash = await createSHA256()
  hash.init()
  return hash
}
