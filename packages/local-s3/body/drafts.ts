import { S3Error } from "../s3-error.ts"

/**
 * A body that is arriving, with the temporary file that receives it. Without a limit, a presigned
 * URL would let a client keep many bodies open and use more of the disk than the URL allows.
 */
export type Draft = {
  /** Awaits the next chunk of the body. Refuses if the draft has ended or the chunk is late. */
  next: <Result>(piece: Promise<Result>, maxMs?: number) => Promise<Result>
  /** Marks the body as complete. From then on the draft is awaited and no longer ended. */
  commit: () => void
}

export type Drafts = {
  /**
   * Runs a write that receives a body. A new draft ends an older one in the same `slot`, so that a
   * client whose connection died can retry. A write without a slot is only counted.
   */
  run: <Result>(slot: string | null, write: (draft: Draft) => Promise<Result>) => Promise<Result>
  /** Creates a draft for a small body in memory, to which only the idle limit applies. */
  unlimited: () => Draft
}

type Limits = {
  /** Milliseconds without a byte after which a draft ends with RequestTimeout. */
  idleMs: number
  /** The number of drafts at which a new one ends a stalled one or is refused with SlowDown. */
  max: number
}

/** When all drafts are taken, one that waited this long for its client makes room. */
const STALLED_MS = 10_000

type OpenDraft = Draft & {
  waitingSince: number
  end: (error: S3Error) => void
  settled: Promise<void>
  settle: () => void
}

export function createDrafts({ idleMs, max }: Limits): Drafts {
  const open = new Set<OpenDraft>()
  const bySlot = new Map<string, OpenDraft>()

  const claim = async (slot: string | null) => {
    for (;;) {
      const older = slot === null ? undefined : bySlot.get(slot)
      const inTheWay = older ?? (open.size >= max ? longestStalled(open) : undefined)
      if (!inTheWay) break
      inTheWay.end(new S3Error(older ? "OperationAborted" : "RequestTimeout"))
      await inTheWay.settled
    }
    const draft = createDraft(idleMs)
    open.add(draft)
    if (slot !== null) bySlot.set(slot, draft)
    return draft
  }

  return {
    run: async (slot, write) => {
      const draft = await claim(slot)
      try {
        return await write(draft)
      } finally {
        open.delete(draft)
        if (slot !== null) bySlot.delete(slot)
        draft.settle()
      }
    },
    unlimited: () => createDraft(idleMs),
  }
}

function longestStalled(open: ReadonlySet<OpenDraft>) {
  const [stalled] = [...open].sort((a, b) => a.waitingSince - b.waitingSince)
  if (stalled && stalled.waitingSince + STALLED_MS < performance.now()) return stalled
  throw new S3Error("SlowDown")
}

function createDraft(idleMs: number): OpenDraft {
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>()
  let ended: S3Error | null = null
  let stopWaiting: ((error: S3Error) => void) | null = null
  let isComplete = false

  const draft: OpenDraft = {
    waitingSince: Number.POSITIVE_INFINITY,
    settled,
    settle,
    end: (error) => {
      if (isComplete) return
      ended ??= error
      stopWaiting?.(ended)
    },
    commit: () => {
      if (ended) throw ended
      isComplete = true
    },
    next: async (piece, maxMs = Number.POSITIVE_INFINITY) => {
      let timer: NodeJS.Timeout | undefined
      draft.waitingSince = performance.now()
      try {
        return await new Promise((resolve, reject) => {
          stopWaiting = reject
          if (ended) reject(ended)
          timer = setTimeout(
            () => reject(new S3Error("RequestTimeout")),
            Math.max(Math.min(idleMs, maxMs), 0),
          )
          piece.then(resolve, reject)
        })
      } finally {
        clearTimeout(timer)
        stopWaiting = null
        draft.waitingSince = Number.POSITIVE_INFINITY
      }
    },
  }
  return draft
}
