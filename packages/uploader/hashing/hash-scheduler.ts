import "client-only"
import { sha256 } from "../../transfer/sha256.ts"
import { createWholeHash, type WholeHash } from "../../transfer/whole-hash.ts"

/** The position of a part in a file whose whole hash was requested under this id. */
type PartOfWhole = { id: number; offset: number }

export type HashRequest =
  | { id: number; kind: "part"; body: Blob; whole: PartOfWhole | null }
  | { id: number; kind: "whole"; body: Blob }
  /** No more parts of this file follow, so the rest is read. */
  | { id: number; kind: "rest" }
  | { id: number; kind: "stop" }

/** `sha256` is null if the file can no longer be read or the request was stopped. */
export type HashResult = { id: number; sha256: string | null }

/**
 * Serves hash requests inside the worker. Parts are hashed at once, and their bytes also go into
 * the hash of their file. Bytes outside of the parts are read afterwards, one file after another.
 */
export function createHashScheduler(onResult: (result: HashResult) => void) {
  const wholes = new Map<number, { body: Blob; hash: Promise<WholeHash>; stop: AbortController }>()
  let rests: Promise<void> = Promise.resolve()

  function endWhole(id: number, digest: () => string | null) {
    if (wholes.delete(id)) onResult({ id, sha256: digest() })
  }

  async function hashPart(id: number, body: Blob, part: PartOfWhole | null) {
    const whole = part && wholes.get(part.id)
    const hash = await whole?.hash.catch(() => null)
    const onBytes = (bytes: Uint8Array<ArrayBuffer>, at: number) =>
      hash?.feed(bytes, at + (part?.offset ?? 0))
    const result = await sha256(body, { onBytes }).catch(() => null)
    onResult({ id, sha256: result })
    if (part && hash?.isDone()) endWhole(part.id, hash.digest)
  }

  async function readRest(id: number) {
    const whole = wholes.get(id)
    if (!whole) return
    try {
      const hash = await whole.hash
      await hash.readRest(whole.body, whole.stop.signal)
      endWhole(id, hash.digest)
    } catch {
      endWhole(id, () => null)
    }
  }

  return (request: HashRequest) => {
    const { id } = request
    if (request.kind === "part") void hashPart(id, request.body, request.whole)
    else if (request.kind === "whole") {
      const { body } = request
      wholes.set(id, { body, hash: createWholeHash(body.size), stop: new AbortController() })
    } else if (request.kind === "rest") {
      rests = rests.then(() => readRest(id))
    } else {
      wholes.get(id)?.stop.abort()
      endWhole(id, () => null)
    }
  }
}
