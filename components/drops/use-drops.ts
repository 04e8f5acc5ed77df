"use client"

import { useEffect, useMemo } from "react"
import { useTeam } from "#components/nav/owner.ts"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { useStore } from "#components/store.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { DropsSnapshot } from "./drop.ts"
import { dropsStore, NO_DROPS } from "./drop-list.ts"
import { syncShares } from "./saved-share.ts"

/** The drops of this tab for the owner whose page is shown, with their links. */
export function useDrops(): DropsSnapshot {
  const team = useTeam()
  const { drops, changes } = useStore(dropsStore, NO_DROPS)
  return useMemo(
    () => ({ drops: drops.filter((drop) => drop.team === team), changes }),
    [drops, changes, team],
  )
}

/** Refreshes the page after a link was changed, and updates the drops from its shares. */
export function useDropsOfPage(shares: readonly ShareView[]) {
  const refresh = useRefresh()
  const { changes } = useDrops()
  useEffect(() => {
    if (changes > 0) refresh()
  }, [changes, refresh])
  useEffect(() => syncShares(shares), [shares])
}
