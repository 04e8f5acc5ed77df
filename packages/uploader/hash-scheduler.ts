import "client-only"
import { sha256 } from "./sha256.ts"
import { createWholeHash } from "./whole-hash.ts"

export type HashOrder =
  /** `of`: the whole it is a part of, and where it begins there. */
  | { id: number; kind: "part"; body: Blob; of: { id: number; at: number } | null }
  | { id: number; kind: "whole"; body: Blob }
  /** No more parts of this whole will come. */
  | { id: number; kind: "rest" }
  | { id: number; kind: "stop" }

export type HashResult = { id: number; sha256: string | null }

type Whole = { hash: ReturnType<typeof createWholeHash>; stop: AbortController }

/** What the worker does with its orders: parts at once, what is left of whole files one after another. */
export function createHashDesk(answer: (result: HashResult) => void) {
  const wholes = new Map<number, Whole>()
  let rests: Promise<void> = Promise.resolve()

  function end(id: number, digest: () => string | null) {
    if (wholes.delete(id)) answer({ id, sha256: digest() })
  }

  async function part(id: number, body: Blob, of: { id: number; at: number } | null) {
    const whole = of && wholes.get(of.id)
    const hash = await whole?.hash.catch(() => null)
    const onBytes = (bytes: Uint8Array, at: number) => hash?.feed(bytes, at + (of?.at ?? 0))
    const result = await sha256(body, { onBytes }).catch(() => null)
    answer({ id, sha256: result })
    if (of && hash?.isDone()) end(of.id, hash.digest)
  }

  async function rest(id: number) {
    const whole = wholes.get(id)
    if (!whole) return
    try {
      const hash = await whole.hash
      await hash.readRest(whole.stop.signal)
      end(id, hash.digest)
    } catch {
      end(id, () => null)
    }
  }

  return (order: HashOrder) => {
    const { id } = order
    if (order.kind === "part") void part(id, order.body, order.of)
    else if (order.kind === "whole") {
      wholes.set(id, { hash: createWholeHash(order.body), stop: new AbortController() })
    } else if (order.kind === "rest") {
      rests = rests.then(() => rest(id))
    } else {
      wholes.get(id)?.stop.abort()
      end(id, () => null)
    }
  }
}
