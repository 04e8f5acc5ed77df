"use client"

import { useEffect, useSyncExternalStore } from "react"
import type { LiveNumbers } from "#lib/activity/live.ts"
import { askSession, onSessionRenewed, reportSessionEnded } from "../session-ended.ts"

const FIRST_WAIT_MS = 1_000
const LAST_WAIT_MS = 60_000
/** Of one stream, as the server takes them. */
const MOST = 200

const numbers = new Map<string, LiveNumbers>()
/** How many components show each share, and whether one shows its visitors. */
const shown = new Map<string, { count: number; visitors: number }>()
const listeners = new Set<() => void>()

let source: EventSource | undefined
let address = ""
let wait = FIRST_WAIT_MS
let following: ReturnType<typeof setTimeout> | undefined
let reopening: ReturnType<typeof setTimeout> | undefined

/**
 * One stream for all shares of the page, while it is in sight: a browser has six connections to a
 * server that speaks HTTP/1.1, and hidden tabs must not hold them.
 */
function follow() {
  const ids = document.hidden ? [] : [...shown.keys()].sort().slice(0, MOST)
  const visitors = [...shown.values()].some((each) => each.visitors > 0)
  const wanted =
    ids.length > 0 ? `/api/v1/shares/live?ids=${ids}${visitors ? "&visitors=1" : ""}` : ""
  if (wanted === address) return
  clearTimeout(reopening)
  source?.close()
  source = undefined
  address = wanted
  if (wanted) open()
}

function open() {
  source = new EventSource(address)
  source.onmessage = ({ data }: MessageEvent<string>) => {
    wait = FIRST_WAIT_MS
    const news: LiveNumbers[] = JSON.parse(data)
    for (const each of news) numbers.set(each.id, each)
    for (const listener of listeners) listener()
  }
  // The browser's own attempts are made forever at the same pace.
  source.onerror = () => {
    source?.close()
    const from = address
    clearTimeout(reopening)
    reopening = setTimeout(
      async () => {
        const holds = await askSession()
        if (address !== from) return
        if (holds) open()
        else if (holds === null) source?.onerror?.(new Event("error"))
        else {
          address = ""
          reportSessionEnded()
        }
      },
      wait * (0.5 + Math.random()),
    )
    wait = Math.min(LAST_WAIT_MS, wait * 2)
  }
}

onSessionRenewed(follow)

/** Follows a share while the component is shown. Components that change together open one stream. */
function show(id: string, visitors: boolean) {
  const entry = shown.get(id) ?? { count: 0, visitors: 0 }
  shown.set(id, entry)
  const add = (by: number) => {
    entry.count += by
    if (visitors) entry.visitors += by
    if (entry.count === 0) shown.delete(id)
    clearTimeout(following)
    following = setTimeout(follow)
  }
  add(1)
  document.addEventListener("visibilitychange", follow)
  return () => {
    add(-1)
    if (shown.size > 0) return
    document.removeEventListener("visibilitychange", follow)
    numbers.clear()
  }
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** What is counted on a share of the member, as it changes; null until the server has said it. */
export function useLiveShare(id: string, { visitors = false } = {}): LiveNumbers | null {
  useEffect(() => show(id, visitors), [id, visitors])
  return useSyncExternalStore(
    subscribe,
    () => numbers.get(id) ?? null,
    () => null,
  )
}
