"use client"

import { useEffect } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { useStore } from "#components/store.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { DropsSnapshot } from "./drop.ts"
import { dropsStore, NO_DROPS } from "./drop-list.ts"
import { syncShares } from "./saved-share.ts"

/** The drops of this tab, with their links. */
export const useDrops = (): DropsSnapshot => useStore(dropsStore, NO_DROPS)

/** Refreshes the page after a link was changed, and updates the drops from its shares. */
export function useDropsOfPage(shares: readonly ShareView[]) {
  const refresh = useRefresh()
  const { changes } = useDrops()
  useEffect(() => {
    if (changes > 0) refresh()
  }, [changes, refresh])
  useEffect(() => syncShares(shares), [shares])
}
