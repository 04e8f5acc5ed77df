/** As much of a response as is asked of it. */
type Response = { readonly headersSent: boolean; readonly destroyed: boolean }

type Limits = {
  /** So many may be under way at once, however slow they are. */
  least: number
  /** What a process is thought to answer in a second before it was seen. */
  guess: number
  /** Who would wait longer than this for the requests before is refused. */
  longestMs: number
}

/** Whose requests share a class. */
const CLASSES = {
  visitors: { least: 192, guess: 1500, longestMs: 200 },
  strangers: { least: 24, guess: 100, longestMs: 60 },
  attempts: { least: 96, guess: 100, longestMs: 200 },
  uploads: { least: 64, guess: 100, longestMs: 200 },
  members: { least: 64, guess: 100, longestMs: 200 },
} satisfies Record<string, Limits>

export type RequestClassName = keyof typeof CLASSES

/** How many are answered is measured over so long. */
const WINDOW_MS = 200
const WEIGHT_OF_NEWEST = 0.3

export type RequestClass = ReturnType<typeof createRequestClass>

/**
 * The requests of one kind that are under way and have no answer yet. How many there may be follows
 * from how many were answered while there was always enough to do: it is no fixed number, because
 * simultaneous clicks share a statement.
 */
export function createRequestClass(name: RequestClassName, now = () => performance.now()) {
  const { least, guess, longestMs } = CLASSES[name]
  const underWay = new Set<Response>()
  const isBusy = () => underWay.size >= least / 2
  let perMs = guess / 1000
  let answered = 0
  let begun = now()
  let wasBusy = false

  function measure() {
    const passed = now() - begun
    if (passed < WINDOW_MS) return
    // An answer that has begun may take as long as its client likes.
    for (const response of underWay) if (response.headersSent || response.destroyed) leave(response)
    if (wasBusy) perMs += WEIGHT_OF_NEWEST * (answered / passed - perMs)
    begun = now()
    answered = 0
    wasBusy = isBusy()
  }

  function leave(response: Response) {
    if (!underWay.delete(response)) return
    answered += 1
    wasBusy &&= isBusy()
  }

  return {
    name,
    /** Whether a request may go on. It is under way until it leaves. */
    enter(response: Response): boolean {
      measure()
      if (underWay.size >= Math.max(least, perMs * longestMs)) return false
      underWay.add(response)
      return true
    },
    leave,
    /** Waits for the client, whose slowness takes no place from others. */
    async outside<Result>(response: Response, work: Promise<Result>): Promise<Result> {
      underWay.delete(response)
      const result = await work
      if (!response.destroyed) underWay.add(response)
      return result
    },
  }
}

/**
 * The classes of this process, each with a share of its own: visitors, calls of members about files,
 * which may wait for the storage, their other requests, strangers to the app's pages, and what these
 * send: an attempt at a password waits for its hash, while pages take all of the processor.
 */
export const createRequestClasses = (
  now?: () => number,
): Record<RequestClassName, RequestClass> => ({
  visitors: createRequestClass("visitors", now),
  strangers: createRequestClass("strangers", now),
  attempts: createRequestClass("attempts", now),
  uploads: createRequestClass("uploads", now),
  members: createRequestClass("members", now),
})

/** Where a request waits that is for no link. */
export function classOfApp(
  path: string,
  method: string | undefined,
  isMember: boolean,
): RequestClassName {
  if (!isMember) return method === "POST" ? "attempts" : "strangers"
  return path.startsWith("/api/v1/files") ? "uploads" : "members"
}
