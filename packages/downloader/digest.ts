import "client-only"
import { createSHA256 } from "hash-wasm"

/**
 * A SHA-256 that has no bytes yet. A module of its own, so that a bundle which loads it when it is
 * needed has no other hash of that library.
 */
export async function createDigest() {
  const hash = await createSHA256()
  hash.init()
  return hash
}
