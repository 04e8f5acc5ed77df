"use client"

import { useEffect, useSyncExternalStore } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import type { ShareView } from "#lib/shares/share.ts"
import type { DropsSnapshot } from "./drop.ts"
import { dropsSnapshot, subscribeToDrops } from "./drop-list.ts"
import { syncShares } from "./saved-share.ts"

const NO_DROPS: DropsSnapshot = { drops: [], changes: 0 }

/** The drops of this tab, with their links. */
export const useDrops = (): DropsSnapshot =>
  useSyncExternalStore(subscribeToDrops, dropsSnapshot, () => NO_DROPS)

/**
 * Refreshes the page after a link was created, changed or revoked, and updates the drops from the
 * shares of the page.
 */
export function useDropsOfPage(shares: readonly ShareView[]) {
  const refresh = useRefresh()
  const { changes } = useDrops()
  useEffect(() => {
    if (changes > 0) refresh()
  }, [changes, refresh])
  useEffect(() => syncShares(shares), [shares])
}
