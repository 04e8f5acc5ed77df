"use client"

import { useSyncExternalStore } from "react"

let shared: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()
const NONE: ReadonlySet<string> = new Set()

/** Remembers, in this tab, that a link was made of these files before all of them had arrived. */
export function rememberShared(fileIds: Iterable<string>) {
  shared = new Set([...shared, ...fileIds])
  for (const listener of listeners) listener()
}

/** Ids of files that this tab has made a link of. */
export function useSharedUploads(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => shared,
    () => NONE,
  )
}
