"use client"

type Ask = (href: string) => void

let ask: Ask | null = null

/**
 * Whether the app may open another page now. If this page has unsaved input, the person is asked
 * first, and the other page opens after the answer.
 */
export function mayLeaveFor(href: string): boolean {
  if (!ask) return true
  ask(href)
  return false
}

/** Asks before the page is left, until the returned function is called. */
export function askBeforeLeaving(next: Ask): () => void {
  ask = next
  return () => {
    if (ask === next) ask = null
  }
}
