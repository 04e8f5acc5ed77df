import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { findHeldSessions, type SessionClaim } from "#lib/accounts/session.ts"
import { Refusal } from "#lib/errors.ts"
import { type Listener, listenTo } from "#lib/listener.ts"
import { log } from "#lib/log.ts"
import { NUDGES, notifyOf } from "#lib/nudge.ts"
import { outageOf } from "#lib/outage.ts"
import { logOutage } from "#lib/outage-log.ts"
import { claimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import { VISITS } from "./activity-statement.ts"
import type { LiveNumbers } from "./live.ts"
import { EVENTS_READ } from "./receipt.ts"

/** Changes of so long are read together. */
const GATHER_MS = 1_000
/** Between two looks without notices. */
const POLL_MS = 2_000
/** A stream says that it is alive, and its session is checked. */
const HEARTBEAT_MS = 15_000
/** Without any notice for so long, none are delivered: the own heartbeat would be one. */
const DEAF_MS = HEARTBEAT_MS + 5_000

/** Of a member, whose sessions hold one for each page in sight. */
const STREAMS_OF_MEMBER = 16
const STREAMS_OF_PROCESS = 5_000

export type Watcher = {
  member: MemberId
  claim: SessionClaim
  shareIds: string[]
  /** Whether visitors are counted too. */
  visitors: boolean
  /** Takes numbers, null only to stay open; false: the client does not read, and is dropped. */
  send(numbers: LiveNumbers[] | null): boolean
  end(): void
}

type Row = LiveNumbers & { ownerId: string }

const readNumbers = statement(
  "live_numbers",
  { ids: "uuid[]", withVisitors: "uuid[]", most: "int" },
  `
SELECT s.id, s.owner_id AS "ownerId", ${statusOf("s")} AS status, ${claimsOf("s")}::float8 AS downloads,
  counted.*,
  CASE WHEN s.id = ANY((SELECT :withVisitors)::uuid[]) THEN (
    SELECT count(DISTINCT visitor) FILTER (WHERE ${VISITS}) FROM (
      SELECT visitor, kind FROM event WHERE event.share_id = s.id ORDER BY at DESC LIMIT :most
    ) AS recent
  )::float8 END AS visitors
FROM unnest((SELECT :ids)) AS asked (id)
  CROSS JOIN LATERAL (SELECT * FROM share WHERE share.id = asked.id OFFSET 0) AS s
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(views), 0)::float8 AS views, coalesce(sum(bot_views), 0)::float8 AS "botViews",
      coalesce(sum(previews), 0)::float8 AS previews
    FROM share_counter WHERE share_id = s.id
  ) AS counted`,
)

// Next's bundle and natively loaded code are two instances of this module.
const held = globalThis as typeof globalThis & { lapseLive?: LiveShares }

/**
 * The pages that are open on this process. However many there are, they share one connection that
 * listens, and a round of at most two statements a second: whose sessions have not ended, and the
 * numbers of the shares that changed.
 */
class LiveShares {
  readonly #watchers = new Set<Watcher>()
  readonly #ofShare = new Map<string, Set<Watcher>>()
  /** What each watcher was sent last of each share, to send nothing twice. */
  readonly #sent = new WeakMap<Watcher, Map<string, string>>()
  readonly #changed = new Set<string>()
  #listener: Listener | undefined
  #ticks: NodeJS.Timeout | undefined
  #round: NodeJS.Timeout | undefined
  #isReading = false
  #readAt = Number.NEGATIVE_INFINITY
  #heardAt = Number.NEGATIVE_INFINITY
  #beatAt = 0
  #closed = false

  add(watcher: Watcher): () => void {
    const { member } = watcher
    if (this.#closed || this.#watchers.size >= STREAMS_OF_PROCESS) throw tooManyPages()
    const ofMember = [...this.#watchers].filter((other) => other.member === member)
    if (ofMember.length >= STREAMS_OF_MEMBER)
      throw new Refusal("too_many", "Too many pages follow their numbers.", {
        retryAfterSeconds: 60,
      })
    this.#watchers.add(watcher)
    this.#sent.set(watcher, new Map())
    for (const id of watcher.shareIds) {
      const others = this.#ofShare.get(id)
      if (others) others.add(watcher)
      else this.#ofShare.set(id, new Set([watcher]))
    }
    this.#start()
    this.#note(watcher.shareIds)
    return () => this.#remove(watcher)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const watcher of [...this.#watchers]) this.#drop(watcher)
    await this.#stop()
  }

  #remove(watcher: Watcher) {
    if (!this.#watchers.delete(watcher)) return
    for (const id of watcher.shareIds) {
      const others = this.#ofShare.get(id)
      others?.delete(watcher)
      if (others?.size === 0) this.#ofShare.delete(id)
    }
    if (this.#watchers.size === 0) void this.#stop()
  }

  #drop(watcher: Watcher) {
    this.#remove(watcher)
    watcher.end()
  }

  #start() {
    if (this.#listener) return
    this.#heardAt = Number.NEGATIVE_INFINITY
    this.#beatAt = performance.now()
    this.#listener = listenTo(NUDGES, {
      onNotice: (payload) => {
        this.#heardAt = performance.now()
        if (payload !== "") this.#note(payload.split(" "))
      },
      onListening: () => {
        this.#note(this.#ofShare.keys()) // what was said before is lost
        void notifyOf([])
      },
    })
    this.#ticks = setInterval(() => this.#tick(), POLL_MS)
    this.#ticks.unref()
  }

  async #stop() {
    clearInterval(this.#ticks)
    clearTimeout(this.#round)
    this.#round = undefined
    this.#changed.clear()
    const listener = this.#listener
    this.#listener = undefined
    await listener?.stop()
  }

  #tick() {
    const now = performance.now()
    if (now - this.#heardAt > DEAF_MS) this.#note(this.#ofShare.keys())
    if (now - this.#beatAt < HEARTBEAT_MS) return
    this.#beatAt = now
    void notifyOf([])
    void this.#beat()
  }

  async #beat() {
    try {
      await this.#endSessions()
    } catch (error) {
      warn(error)
    }
    for (const watcher of [...this.#watchers]) if (!watcher.send(null)) this.#drop(watcher)
  }

  #note(shareIds: Iterable<string>) {
    for (const id of shareIds) if (this.#ofShare.has(id)) this.#changed.add(id)
    if (this.#changed.size === 0 || this.#round || this.#isReading) return
    const wait = Math.max(0, this.#readAt + GATHER_MS - performance.now())
    this.#round = setTimeout(() => void this.#read(), wait)
  }

  async #read() {
    this.#round = undefined
    this.#isReading = true
    this.#readAt = performance.now()
    const ids = [...this.#changed]
    this.#changed.clear()
    try {
      // Sessions first: one that has ended gets nothing.
      await this.#endSessions()
      const withVisitors = ids.filter((id) =>
        [...(this.#ofShare.get(id) ?? [])].some(({ visitors }) => visitors),
      )
      const rows = await readNumbers<Row>({ ids, withVisitors, most: EVENTS_READ })
      this.#deliver(rows)
    } catch (error) {
      warn(error)
      for (const id of ids) if (this.#ofShare.has(id)) this.#changed.add(id)
    }
    this.#isReading = false
    this.#note([])
  }

  #deliver(rows: Row[]) {
    const news = new Map<Watcher, LiveNumbers[]>()
    for (const { ownerId, ...row } of rows) {
      for (const watcher of this.#ofShare.get(row.id) ?? []) {
        if (watcher.member !== ownerId) continue
        const numbers = watcher.visitors ? row : { ...row, visitors: null }
        const text = JSON.stringify(numbers)
        const sent = this.#sent.get(watcher)
        if (sent?.get(row.id) === text) continue
        sent?.set(row.id, text)
        const list = news.get(watcher)
        if (list) list.push(numbers)
        else news.set(watcher, [numbers])
      }
    }
    for (const [watcher, numbers] of news) if (!watcher.send(numbers)) this.#drop(watcher)
  }

  async #endSessions() {
    const watchers = [...this.#watchers]
    const claims = new Map(
      watchers.map(({ claim }) => [`${claim.sessionId} ${claim.sessionEpoch}`, claim]),
    )
    const holds = await findHeldSessions([...claims.values()])
    for (const watcher of watchers) if (!holds(watcher.claim)) this.#drop(watcher)
  }
}

const tooManyPages = () =>
  new Refusal("unavailable", "Too many pages follow their numbers now.", { retryAfterSeconds: 60 })

function warn(error: unknown) {
  if (outageOf(error)) logOutage(error, "Live numbers could not be read.")
  else log.warn({ error }, "Live numbers could not be read.")
}

/**
 * Sends the numbers of the member's shares at once, and again whenever they change, at most once a
 * second, until the session ends. Shares of others are left out. Returns how to stop. Refuses
 * too_many pages of a member, and unavailable.
 */
export function watchShares(watcher: Watcher): () => void {
  held.lapseLive ??= new LiveShares()
  return held.lapseLive.add(watcher)
}

/** Ends every stream of this process, for good. */
export async function closeLiveShares(): Promise<void> {
  held.lapseLive ??= new LiveShares()
  await held.lapseLive.close()
}

/** The same, and lets new ones open. For tests. */
export async function resetLiveShares(): Promise<void> {
  await held.lapseLive?.close()
  delete held.lapseLive
}
