import "client-only"
import type { Sink } from "./sink.ts"
import { addSpan, type Span, spannedBytes } from "./spans.ts"

const EVERY_MS = 500
/** Keeping bytes may take at most a tenth of the time. */
const SHARE = 10

type WriterOptions = {
  sink: Pick<Sink, "write" | "flush">
  /** The bytes that are kept already. */
  spans: Span[]
  everyMs?: number | undefined
  /** Records durable bytes for the next session. */
  save: (spans: Span[]) => Promise<void>
  onKept: (bytes: number) => void
}

/**
 * Creates a writer that keeps what it writes: twice a second it makes the written bytes durable,
 * records them, and only then reports them, so that a reload or a crash loses none of those.
 */
export function createKeepingWriter({ sink, spans, everyMs, save, onKept }: WriterOptions) {
  const shortestMs = everyMs ?? EVERY_MS
  let written = spans
  let kept = spans
  let pauseMs = shortestMs
  let timer: ReturnType<typeof setTimeout> | null = null
  let keeping: Promise<void> = Promise.resolve()
  let isEnded = false
  let failure: unknown = null

  async function keep() {
    if (written === kept) return
    const durable = written
    const startedAt = Date.now()
    await sink.flush()
    await save(durable)
    kept = durable
    pauseMs = Math.max(shortestMs, SHARE * (Date.now() - startedAt))
    onKept(spannedBytes(kept))
  }

  function keepSoon() {
    if (timer !== null || isEnded || failure !== null || written === kept) return
    timer = setTimeout(async () => {
      keeping = keep().catch((error: unknown) => {
        failure = error
      })
      await keeping
      timer = null
      keepSoon()
    }, pauseMs)
  }

  onKept(spannedBytes(kept))
  return {
    /** Throws the error of an earlier attempt to keep bytes. */
    async write(at: number, bytes: Uint8Array<ArrayBuffer>) {
      if (failure !== null) throw failure
      const to = at + bytes.length
      await sink.write(at, bytes)
      written = addSpan(written, { from: at, to })
      keepSoon()
    },
    /** Keeps everything that is written. Nothing is written afterwards. */
    async end() {
      isEnded = true
      if (timer !== null) clearTimeout(timer)
      await keeping
      await keep()
    },
  }
}
