"use client"

import { useSyncExternalStore } from "react"

let sharedFileIds: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()
const NONE: ReadonlySet<string> = new Set()

/**
 * Marks files as shared in this tab: a link contains them, perhaps before all of them are stored.
 */
export function markAsShared(fileIds: Iterable<string>) {
  sharedFileIds = new Set([...sharedFileIds, ...fileIds])
  for (const listener of listeners) listener()
}

/** The ids of the files that a link of this tab contains. */
export function useSharedFileIds(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => sharedFileIds,
    () => NONE,
  )
}
