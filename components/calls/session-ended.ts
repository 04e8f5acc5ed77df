"use client"

import { useSyncExternalStore } from "react"

let hasEnded = false
/** How often the member has signed in over the page. */
let renewals = 0
const listeners = new Set<() => void>()
const renewed = new Set<() => void>()

/**
 * A call was refused because the session is over: the member is asked to sign in over the page,
 * unless the refusal came so late that they have done so already. Then true: it can be repeated.
 */
export async function reportSessionEnded(): Promise<boolean> {
  const before = renewals
  if ((await askSession()) || before !== renewals) return true
  set(true)
  return false
}

/** The member does not want to sign in now. */
export function closeSessionEnded() {
  set(false)
}

/** The member has signed in again: what waited for it goes on. */
export function renewSession() {
  renewals += 1
  set(false)
  for (const listener of renewed) listener()
}

/** Calls the listener each time the member has signed in again over the page. */
export const onSessionRenewed = (listener: () => void) => void renewed.add(listener)

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
