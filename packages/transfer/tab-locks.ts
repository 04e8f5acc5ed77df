import "client-only"
import { randomId } from "./random-id.ts"

/** Locks files against other tabs of this browser, so that one tab at a time works on each. */
export type TabLocks = {
  /** Resolves to the function that unlocks; null while this or another tab has the lock. */
  acquire(fileId: string): Promise<(() => void) | null>
  /** Files that are locked in any tab. */
  held(): Promise<ReadonlySet<string>>
}

/** Creates locks by Web Locks or, on plain http, by messages between the tabs. */
export function createTabLocks(prefix: string, channelName: string): TabLocks {
  const locks: LockManager | undefined = navigator.locks
  return locks
    ? createWebLocks(locks, prefix)
    : createBroadcastLocks(() => new BroadcastChannel(channelName))
}

/** Creates locks that the browser releases when the tab ends, even by a crash. */
const createWebLocks = (locks: LockManager, prefix: string): TabLocks => ({
  acquire: (fileId) =>
    new Promise((resolve) => {
      locks
        .request(`${prefix}${fileId}`, { ifAvailable: true }, (lock) => {
          if (!lock) return resolve(null)
          return new Promise<void>((release) => resolve(release))
        })
        .catch(() => resolve(() => {}))
    }),

  async held() {
    const { held = [] } = (await locks.query().catch(() => null)) ?? {}
    const names = held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []))
    return new Set(names.map((name) => name.slice(prefix.length)))
  },
})

/** How long other tabs have to answer. Background tabs need no timer to answer. */
const ANSWER_MS = 200

/** `wanted`: the file to lock; null asks for all locks of a tab. */
type Question = { questionId: string; tab: string; wanted: string | null }
type Reply = { replyTo: string; held: string[] }

/**
 * Locks over a broadcast channel. A tab asks the others before it takes a lock, and a tab that does
 * not answer holds none. When several tabs request the same lock at the same time, the tab whose id
 * sorts first gets it.
 */
export function createBroadcastLocks(open: () => BroadcastChannel): TabLocks {
  const tab = randomId()
  const held = new Set<string>()
  /** Locks that this tab is requesting, and whether a tab that sorts first requests them too. */
  const requested = new Map<string, { isLost: boolean }>()

  function answer({ tab: other, wanted }: Question): string[] {
    if (wanted === null) return [...held, ...requested.keys()]
    const request = requested.get(wanted)
    if (request && other < tab) request.isLost = true
    // A request that sorts first counts as a held lock.
    return held.has(wanted) || (request && tab < other) ? [wanted] : []
  }

  const askOthers = createTabQuestions(open, tab, answer)

  return {
    async acquire(fileId) {
      if (held.has(fileId) || requested.has(fileId)) return null
      const request = { isLost: false }
      requested.set(fileId, request)
      const heldByOthers = await askOthers(fileId)
      requested.delete(fileId)
      if (request.isLost || heldByOthers.has(fileId)) return null
      held.add(fileId)
      return () => held.delete(fileId)
    },

    async held() {
      const heldByOthers = await askOthers(null)
      return new Set([...held, ...requested.keys(), ...heldByOthers])
    },
  }
}

/** Asks the other tabs and answers their questions, from this tab's first question on. */
function createTabQuestions(
  open: () => BroadcastChannel,
  tab: string,
  answer: (question: Question) => string[],
) {
  const replies = new Map<string, Reply[]>()
  let channel: BroadcastChannel | null = null

  function connect() {
    if (channel) return channel
    const opened = open()
    channel = opened
    opened.addEventListener("message", ({ data }: MessageEvent<Question | Reply>) => {
      if ("replyTo" in data) {
        replies.get(data.replyTo)?.push(data)
        return
      }
      const held = answer(data)
      if (held.length > 0) opened.postMessage({ replyTo: data.questionId, held } satisfies Reply)
    })
    return opened
  }

  return async (wanted: string | null): Promise<Set<string>> => {
    const questionId = randomId()
    const received: Reply[] = []
    replies.set(questionId, received)
    connect().postMessage({ questionId, tab, wanted } satisfies Question)
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
    replies.delete(questionId)
    return new Set(received.flatMap(({ held }) => held))
  }
}
