"use client"

import { useEffect, useState } from "react"
import type { RevocationView } from "#lib/shares/revoke/find-revocation.ts"

const MIN_PAUSE_MS = 300
const MAX_PAUSE_MS = 3_000
const BACKOFF = 1.15

/** Polls a revocation until its cut off is done. `lost`: the last request got no answer. */
export function useRevocation(initial: RevocationView): {
  revocation: RevocationView
  lost: boolean
} {
  const [revocation, setRevocation] = useState(initial)
  const [lost, setLost] = useState(false)
  const running = revocation.state === "running"

  useEffect(() => {
    if (!running) return
    let pause = MIN_PAUSE_MS
    let timer: ReturnType<typeof setTimeout> | undefined
    const ended = new AbortController()
    async function ask() {
      const answer = await readRevocation(initial.id, ended.signal)
      if (ended.signal.aborted) return
      setLost(answer === null)
      if (answer) setRevocation(answer)
      pause = Math.min(MAX_PAUSE_MS, pause * BACKOFF)
      timer = setTimeout(ask, pause)
    }
    timer = setTimeout(ask, pause)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [running, initial.id])

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
