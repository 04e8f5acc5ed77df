"use client"

import { createStore, useStore } from "#components/store.ts"

type Asked = { confirmed: Promise<boolean>; answer: (confirmed: boolean) => void }

const asking = createStore<Asked | null>(null)

/**
 * Asks the member to confirm their identity, in a dialog over the page (confirm-host.tsx). Calls
 * that ask at the same time get the same answer: whether the member confirmed.
 */
export function askToConfirm(): Promise<boolean> {
  const asked = asking.current()
  if (asked) return asked.confirmed
  const { promise, resolve } = Promise.withResolvers<boolean>()
  asking.set({ confirmed: promise, answer: resolve })
  return promise
}

/** Closes the dialog, and lets the calls that wait for it continue. */
export function answerConfirm(confirmed: boolean) {
  asking.current()?.answer(confirmed)
  asking.set(null)
}

export const useConfirmAsked = (): boolean => useStore(asking, null) !== null
