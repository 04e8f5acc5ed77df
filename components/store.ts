"use client"

import { useSyncExternalStore } from "react"

type Listener = () => void

/** State outside of components, which they follow by useStore. */
export type Store<State> = {
  current: () => State
  set: (next: State) => void
  /** Calls the listener after each change, until the returned function is called. */
  subscribe: (listener: Listener) => () => void
}

export function createStore<State>(initial: State): Store<State> {
  let state = initial
  const listeners = new Set<Listener>()
  return {
    current: () => state,
    set(next) {
      state = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** The state of a store; on the server and until hydration it is `first`. */
export const useStore = <State>(store: Omit<Store<State>, "set">, first: State): State =>
  useSyncExternalStore(store.subscribe, store.current, () => first)

const never = () => () => {}

/** A value that only the browser knows; on the server and until hydration it is `first`. */
export const useBrowserValue = <Value>(read: () => Value, first: Value): Value =>
  useSyncExternalStore(never, read, () => first)
