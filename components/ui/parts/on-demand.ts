"use client"

import { useEffect, useSyncExternalStore } from "react"

type Loading<Part> = {
  /** Null until it is loaded. */
  part: Part | null
  /** Whether the last attempt failed, as without a network. */
  failed: boolean
}

/** A part of the app that the browser loads when it is first needed. */
export type OnDemand<Part> = {
  /** Starts or retries loading; never throws. Also serves as a preload hint, such as on hover. */
  load: () => void
  current: () => Loading<Part>
  subscribe: (listener: () => void) => () => void
}

const NOT_YET = { part: null, failed: false }

/**
 * Creates a part that loads on demand, once in a module: `onDemand(() =>
 * import("#components/ui/dialogs/dialog-parts.tsx"))`.
 */
export function onDemand<Part>(fetchPart: () => Promise<Part>): OnDemand<Part> {
  let state: Loading<Part> = NOT_YET
  let isLoading = false
  const listeners = new Set<() => void>()

  function change(next: Loading<Part>) {
    state = next
    for (const listener of listeners) listener()
  }

  return {
    load() {
      if (isLoading || state.part) return
      isLoading = true
      if (state.failed) change(NOT_YET)
      fetchPart().then(
        (part) => {
          isLoading = false
          change({ part, failed: false })
        },
        () => {
          isLoading = false
          change({ part: null, failed: true })
        },
      )
    },
    current: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The part; starts loading once `wanted` is true. */
export function useOnDemand<Part>(demand: OnDemand<Part>, wanted: boolean): Loading<Part> {
  const state = useSyncExternalStore(demand.subscribe, demand.current, () => NOT_YET)
  useEffect(() => {
    if (wanted) demand.load()
  }, [demand, wanted])
  return state
}
