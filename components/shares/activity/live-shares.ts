"use client"

import { useEffect, useState } from "react"
import { type Polling, poll } from "#components/calls/poll.ts"
import {
  noteSession,
  onSessionRenewed,
  reportSessionEnded,
} from "#components/calls/session-ended.ts"
import { shownTeam } from "#components/nav/owner.ts"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { createStore, useStore } from "#components/store.ts"
import { ownerUrl } from "#lib/adapters/http/owner-path.ts"
import type { LiveNumbers } from "#lib/rooms/activity/live.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

const ASK_MS = 4_000
/** The longest pause after failures. */
const MAX_PAUSE_MS = 60_000
const ANSWER_MS = 15_000
/** The maximum number of ids in one call, as accepted by the server. */
const MAX_IDS = 200

const numbers = new Map<string, LiveNumbers>()
/** How many components show each share, and how many of them show its visitors. */
const shown = new Map<string, { count: number; visitors: number }>()
/** The number of answers so far. */
const answers = createStore(0)

let polling: Polling | undefined
/** The last answer's ETag, and the URL for which it was received. */
let known = { address: "", etag: "" }
/** Whether the member was told that the session has ended, so that this is said only once. */
let isEnded = false

/** Fetches the counters of all shares on the page. Ignores failures. */
async function ask(): Promise<boolean> {
  try {
    return await answered()
  } catch {
    return false
  }
}

async function answered(): Promise<boolean> {
  const address = addressOfShown()
  const response = await fetch(address, {
    ...(known.address === address && { headers: { "If-None-Match": known.etag } }),
    cache: "no-store",
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  if (response.status === 401 && !isEnded) {
    isEnded = true
    if (await reportSessionEnded()) isEnded = false
  }
  if (response.status !== 304 && !response.ok) return false
  isEnded = false
  noteSession()
  if (response.status !== 304) {
    const { items }: { items: LiveNumbers[] } = await response.json()
    known = { address, etag: response.headers.get("etag") ?? "" }
    for (const each of items) if (shown.has(each.id)) numbers.set(each.id, each)
  }
  answers.set(answers.current() + 1)
  return true
}

function addressOfShown() {
  const ids = [...shown.keys()].sort().slice(0, MAX_IDS)
  const withVisitors = ids.find((id) => shown.get(id)?.visitors)
  const visitors = withVisitors ? `&visitors=${withVisitors}` : ""
  return ownerUrl(shownTeam(), `/api/v1/shares/live?ids=${ids}${visitors}`)
}

onSessionRenewed(() => {
  isEnded = false
  polling?.pollNow()
})

/** Polls a share while the component is mounted, with one call for all shares of the page. */
function show(id: string, visitors: boolean) {
  const entry = shown.get(id) ?? { count: 0, visitors: 0 }
  shown.set(id, entry)
  const add = (by: number) => {
    entry.count += by
    if (visitors) entry.visitors += by
    if (entry.count === 0) shown.delete(id)
  }
  add(1)
  polling ??= poll({ first: () => ASK_MS, most: MAX_PAUSE_MS, slowing: 2 }, ask)
  return () => {
    add(-1)
    if (shown.size > 0) return
    polling?.stop()
    polling = undefined
    known = { address: "", etag: "" }
    numbers.clear()
  }
}

/** Returns a share's counters, at most a few seconds old; null until the first answer. */
export function useLiveShare(id: string, { visitors = false } = {}): LiveNumbers | null {
  useEffect(() => show(id, visitors), [id, visitors])
  return useStore({ ...answers, current: () => numbers.get(id) ?? null }, null)
}

type Drawn = Pick<ShareView, "id" | "version">

/**
 * Refreshes the page when one of its shares has changed since it was rendered, because of another
 * page, a visitor's question or the time. Retries with each answer until the page is current.
 */
export function useFollowedShares(shares: readonly Drawn[]) {
  const refresh = useRefresh()
  const drawn = shares.map(({ id, version }) => `${id} ${version}`).join()
  const count = answers.current()
  const [rendered, setRendered] = useState({ drawn, count })
  // An answer that arrived before this rendering may be older than it.
  if (rendered.drawn !== drawn) setRendered({ drawn, count })
  const current = () =>
    answers.current() > rendered.count && shares.some(isOutdated) ? answers.current() : 0
  const outdated = useStore({ ...answers, current }, 0)
  useEffect(() => {
    if (outdated > 0) refresh()
  }, [outdated, refresh])
}

function isOutdated({ id, version }: Drawn) {
  const live = numbers.get(id)
  return live !== undefined && live.version !== version
}
