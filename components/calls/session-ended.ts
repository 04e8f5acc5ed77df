"use client"

import { poll } from "#components/calls/poll.ts"
import { createStore, useStore } from "#components/store.ts"
import { THIS_BUILD } from "#lib/adapters/http/this-build.ts"

/** Why the member is asked to sign in again. A disabled member cannot. */
type SessionEnd = "signed_out" | "account_disabled"

const ended = createStore<SessionEnd | null>(null)
/** Why the last check found no session. */
let lastEnd: SessionEnd = "signed_out"
/** Whether the member was told that the session has ended, so that polls do not repeat it. */
let isTold = false
/** How often the member has signed in again on this page. */
let renewals = 0
const renewed = new Set<() => void>()

/**
 * Reports a call that was refused because the session had ended. Asks the member to sign in, in a
 * dialog over the page. Returns true when the member has signed in again already, so that the call
 * can be repeated.
 */
export async function reportSessionEnded(): Promise<boolean> {
  const before = renewals
  if ((await askSession()) || before !== renewals) return true
  set(lastEnd)
  return false
}

/** Closes the sign-in dialog; the member does not sign in now. */
export function closeSessionEnded() {
  set(null)
}

/** Reports that the member has signed in again, so that waiting calls continue. */
export function renewSession() {
  renewals += 1
  isTold = false
  set(null)
  for (const listener of renewed) listener()
}

/** Calls the listener each time the member has signed in again on this page. */
export const onSessionRenewed = (listener: () => void) => void renewed.add(listener)

export const useSessionEnd = (): SessionEnd | null => useStore(ended, null)

function set(end: SessionEnd | null) {
  isTold ||= end !== null
  if (end !== ended.current()) ended.set(end)
}

/** Whether a process of another version has answered since the page was loaded. */
let isUpdated = false

/** Whether the app was updated since the page was loaded, by the answers to askSession. */
export const isAppUpdated = (): boolean => isUpdated

/** Checks the session: whether it is valid; null when the app does not answer. */
export async function askSession(): Promise<boolean | null> {
  const answer = await fetch("/api/v1/me", { method: "HEAD", cache: "no-store" }).catch(() => null)
  if (!answer || answer.status >= 500) return null
  noteSession()
  const build = answer.headers.get("lapse-build")
  if (build !== null && build !== THIS_BUILD) isUpdated = true
  if (answer.status !== 401) return true
  lastEnd = await readEnd()
  return false
}

/** The reason is in the body, which the answer to a HEAD does not have. */
async function readEnd(): Promise<SessionEnd> {
  const answer = await fetch("/api/v1/me", { cache: "no-store" }).catch(() => null)
  const problem: { code?: string } | null = await answer?.json().catch(() => null)
  return problem?.code === "account_disabled" ? "account_disabled" : "signed_out"
}

let answeredAt = 0

/** Records that a call was just answered, so the session need not be checked. */
export function noteSession() {
  answeredAt = Date.now()
}

const ASK_MS = 4_000
/** The pause after failures. */
const MAX_PAUSE_MS = 60_000

/**
 * Checks the session every few seconds on a page that makes no other calls, so that its member
 * learns within five seconds that an admin or the provider has ended it.
 */
export function watchSession(): () => void {
  const { stop, pollNow } = poll(
    { first: () => ASK_MS, most: MAX_PAUSE_MS, slowing: 2 },
    async () => {
      if (ended.current() || Date.now() - answeredAt < ASK_MS) return true
      const holds = await askSession()
      if (holds === false && !isTold) set(lastEnd)
      return holds === true
    },
  )
  onSessionRenewed(pollNow)
  return stop
}
