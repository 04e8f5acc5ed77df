"use client"

import { useEffect } from "react"
import { createStore, type Store, useStore } from "#components/store.ts"

type Loading<Part> = {
  part: Part | null
  /** Whether the last attempt failed, for example without a network. */
  failed: boolean
}

/** A part of the app that the browser loads when it is first needed. */
export type OnDemand<Part> = Omit<Store<Loading<Part>>, "set"> & {
  /** Starts or retries loading; never throws. Also serves as a preload hint, such as on hover. */
  load: () => void
}

const NOT_YET = { part: null, failed: false }

/** Creates a part that loads on demand, once in a module: `onDemand(() => import("…"))`. */
export function onDemand<Part>(fetchPart: () => Promise<Part>): OnDemand<Part> {
  const store = createStore<Loading<Part>>(NOT_YET)
  let isLoading = false

  function end(state: Loading<Part>) {
    isLoading = false
    store.set(state)
  }

  return {
    ...store,
    load() {
      const { part, failed } = store.current()
      if (isLoading || part) return
      isLoading = true
      if (failed) store.set(NOT_YET)
      fetchPart().then(
        (loaded) => end({ part: loaded, failed: false }),
        () => end({ part: null, failed: true }),
      )
    },
  }
}

/** Returns the part, and starts to load it once `wanted` is true. */
export function useOnDemand<Part>(demand: OnDemand<Part>, wanted: boolean): Loading<Part> {
  const state = useStore<Loading<Part>>(demand, NOT_YET)
  useEffect(() => {
    if (wanted) demand.load()
  }, [demand, wanted])
  return state
}
