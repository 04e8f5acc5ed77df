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

/** Asks the app; true as well where it does not answer. Reports a session that is over. */
export async function checkSession(): Promise<boolean> {
  const answer = await fetch("/api/v1/me", { method: "HEAD", cache: "no-store" }).catch(() => null)
  if (answer?.status !== 401) return true
  reportSessionEnded()
  return false
}
