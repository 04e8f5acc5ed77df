import "client-only"
import { randomId } from "./random-id.ts"

/** Says to the other tabs of this browser which uploads run here. */
export type UploadLocks = {
  /** How to give it back; null while another tab has it. */
  take(fileId: string): Promise<(() => void) | null>
  /** Files whose uploads run in any tab. */
  taken(): Promise<ReadonlySet<string>>
}

const PREFIX = "lapse-upload-"

/** The locks of this tab's browser, on plain http too. */
export function createBrowserLocks(): UploadLocks {
  const locks: LockManager | undefined = navigator.locks
  return locks ? webLocks(locks) : createSpokenLocks(() => new BroadcastChannel("lapse-uploads"))
}

/** Web Locks end with their tab, however it ends. */
const webLocks = (locks: LockManager): UploadLocks => ({
  take: (fileId) =>
    new Promise((resolve) => {
      locks
        .request(`${PREFIX}${fileId}`, { ifAvailable: true }, (lock) => {
          if (!lock) return resolve(null)
          return new Promise<void>((release) => resolve(release))
        })
        .catch(() => resolve(() => {}))
    }),

  async taken() {
    const { held = [] } = (await locks.query().catch(() => null)) ?? {}
    const names = held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []))
    return new Set(names.map((name) => name.slice(PREFIX.length)))
  },
})

/** How long other tabs have to answer; they need no timer for it. */
const ANSWER_MS = 200

type Question = { ask: string; tab: string; wish: string | null }
type Reply = { to: string; taken: string[] }

/**
 * On plain http there are no Web Locks, so tabs ask one another, and whoever is silent has nothing.
 * Of those that wish for the same at the same time the one whose name sorts first gets it.
 */
export function createSpokenLocks(open: () => BroadcastChannel): UploadLocks {
  const tab = randomId()
  const held = new Set<string>()
  /** And whether somebody who comes first wishes for it too. */
  const wished = new Map<string, { isLost: boolean }>()
  const questions = new Map<string, Reply[]>()
  let channel: BroadcastChannel | null = null

  function connect() {
    if (channel) return channel
    channel = open()
    channel.addEventListener("message", ({ data }: MessageEvent<Question | Reply>) => {
      if ("to" in data) questions.get(data.to)?.push(data)
      else hear(data)
    })
    return channel
  }

  function hear({ ask, tab: other, wish }: Question) {
    if (wish === null) return answer(ask, [...held, ...wished.keys()])
    const mine = wished.get(wish)
    if (mine && other < tab) mine.isLost = true
    // A wish that comes first is as good as held.
    if (held.has(wish) || (mine && tab < other)) answer(ask, [wish])
  }

  function answer(ask: string, taken: string[]) {
    if (taken.length > 0) connect().postMessage({ to: ask, taken } satisfies Reply)
  }

  /** What other tabs have. */
  async function askOthers(wish: string | null) {
    const ask = randomId()
    const replies: Reply[] = []
    questions.set(ask, replies)
    connect().postMessage({ ask, tab, wish } satisfies Question)
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
    questions.delete(ask)
    return new Set(replies.flatMap(({ taken }) => taken))
  }

  return {
    async take(fileId) {
      if (held.has(fileId) || wished.has(fileId)) return null
      const wish = { isLost: false }
      wished.set(fileId, wish)
      const taken = await askOthers(fileId)
      wished.delete(fileId)
      if (wish.isLost || taken.has(fileId)) return null
      held.add(fileId)
      return () => held.delete(fileId)
    },

    async taken() {
      const others = await askOthers(null)
      return new Set([...held, ...wished.keys(), ...others])
    },
  }
}
