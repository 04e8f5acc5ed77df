"use client"

import { useSyncExternalStore } from "react"

type Asked = { confirmed: Promise<boolean>; answer: (confirmed: boolean) => void }

let asked: Asked | null = null
const listeners = new Set<() => void>()

/**
 * Asks the member to confirm their identity, in a dialog over the page (confirm-host.tsx). Calls
 * that ask at the same time get the same answer: whether the member confirmed.
 */
export function askToConfirm(): Promise<boolean> {
  if (asked) return asked.confirmed
  let answer: Asked["answer"] = () => {}
  const confirmed = new Promise<boolean>((resolve) => {
    answer = resolve
  })
  set({ confirmed, answer })
  return confirmed
}

/** Closes the dialog, and lets the calls that wait for it continue. */
export function answerConfirm(confirmed: boolean) {
  asked?.answer(confirmed)
  set(null)
}

export const useConfirmAsked = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => asked !== null,
    () => false,
  )

function set(next: Asked | null) {
  asked = next
  for (const listener of listeners) listener()
}
