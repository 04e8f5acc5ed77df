"use client"

import { useEffect, useState } from "react"
import { poll } from "#components/calls/poll.ts"
import type { RevocationView } from "#lib/rooms/shares/revoke/find-revocation.ts"

const MIN_PAUSE_MS = 300
const MAX_PAUSE_MS = 3_000
const BACKOFF = 1.15

/** How often to request the reach of a finished revocation; counting it may have failed. */
const ASKS_FOR_REACH = 10

/**
 * Polls a revocation until it and its cut off are done, and a while longer for its reach. `lost`:
 * the last request got no answer.
 */
export function useRevocation(initial: RevocationView): {
  revocation: RevocationView
  lost: boolean
} {
  const [revocation, setRevocation] = useState(initial)
  const [lost, setLost] = useState(false)
  const running = revocation.state === "running"
  const uncounted = revocation.reach === null

  useEffect(() => {
    if (!running && !uncounted) return
    let asks = running ? Number.POSITIVE_INFINITY : ASKS_FOR_REACH
    const first = () => (running ? MIN_PAUSE_MS : MAX_PAUSE_MS)
    const ended = new AbortController()
    const { stop } = poll({ first, most: MAX_PAUSE_MS, slowing: BACKOFF }, async () => {
      const answer = await readRevocation(initial.id, ended.signal)
      if (ended.signal.aborted) return false
      setLost(answer === null)
      if (answer) setRevocation(answer)
      asks -= 1
      if (asks === 0) stop()
      return false
    })
    return () => {
      stop()
      ended.abort()
    }
  }, [running, uncounted, initial.id])

  return { revocation, lost }
}

async function readRevocation(id: string, signal: AbortSignal): Promise<RevocationView | null> {
  try {
    const answer = await fetch(`/api/v1/admin/revocations/${id}`, { signal, cache: "no-store" })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}
