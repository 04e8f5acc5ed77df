type Response = { readonly headersSent: boolean; readonly destroyed: boolean }

type Limits = {
  /** The number of requests that may be open at the same time, however slow they are. */
  least: number
  /** The assumed number of answers per second, until it has been measured. */
  guess: number
  /** A request that would wait longer than this is refused. */
  longestMs: number
}

const CLASSES = {
  visitors: { least: 192, guess: 1500, longestMs: 200 },
  guests: { least: 64, guess: 100, longestMs: 200 },
  strangers: { least: 24, guess: 100, longestMs: 60 },
  attempts: { least: 96, guess: 100, longestMs: 200 },
  uploads: { least: 64, guess: 100, longestMs: 200 },
  members: { least: 64, guess: 100, longestMs: 200 },
} satisfies Record<string, Limits>

type RequestClassName = keyof typeof CLASSES

/** The interval over which answers are counted. */
const WINDOW_MS = 200
const WEIGHT_OF_NEWEST = 0.3

export type RequestClass = ReturnType<typeof createRequestClass>

/**
 * Creates a class for requests of one kind, which counts those that have no answer yet. Its limit
 * follows from the rate of answers measured while requests were waiting. A fixed number would not
 * fit, because simultaneous clicks share a statement.
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
    // An answer that has begun no longer counts, because its client may read it slowly.
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
    /** Lets a request in until its answer begins or it leaves; false if the class is full. */
    enter(response: Response): boolean {
      measure()
      if (underWay.size >= Math.max(least, perMs * longestMs)) return false
      underWay.add(response)
      return true
    },
    leave,
    /** Runs work that waits for the client. Meanwhile the request does not count. */
    async outside<Result>(response: Response, work: Promise<Result>): Promise<Result> {
      underWay.delete(response)
      const result = await work
      if (!response.destroyed) underWay.add(response)
      return result
    },
  }
}

/**
 * Creates the classes of this process, each with a separate limit: visitors; guests who send files;
 * members' calls that may wait for the storage; members' other requests; strangers' requests for the app's
 * pages; and strangers' forms, because an attempt at a password waits for its hash while pages take
 * all of the processor.
 */
export const createRequestClasses = (
  now?: () => number,
): Record<RequestClassName, RequestClass> => ({
  visitors: createRequestClass("visitors", now),
  guests: createRequestClass("guests", now),
  strangers: createRequestClass("strangers", now),
  attempts: createRequestClass("attempts", now),
  uploads: createRequestClass("uploads", now),
  members: createRequestClass("members", now),
})

/** The class of a request that is not for a link, and may be a call of the API. */
export function classOfApp(
  method: string | undefined,
  isMember: boolean,
  call?: { cost?: string | undefined },
): RequestClassName {
  if (!isMember) return method === "POST" ? "attempts" : "strangers"
  return call?.cost === "store" ? "uploads" : "members"
}
