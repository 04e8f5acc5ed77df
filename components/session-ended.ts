"use client"

import { useSyncExternalStore } from "react"

let hasEnded = false
const listeners = new Set<() => void>()

/** The app answered that the session is over: the member is asked to sign in over the page. */
export function reportSessionEnded() {
  set(true)
}

/** The member has signed in again, or does not want to now. */
export function closeSessionEnded() {
  set(false)
}

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => hasEnded,
    () => false,
  )

function set(ended: boolean) {
  if (ended === hasEnded) return
  hasEnded = ended
  for (const listener of listeners) listener()
}

/** Whether the session holds; null where the app does not answer. */
export async function askSession(): Promise<boolean | null> {
  const answer = await fetch("/api/v1/me", { method: "HEAD", cache: "no-store" }).catch(() => null)
  if (!answer || answer.status >= 500) return null
  return answer.status !== 401
}
