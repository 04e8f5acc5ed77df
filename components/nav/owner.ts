"use client"

import { usePathname } from "next/navigation"
import { ownerPath, ownerUrl, teamOf } from "#lib/adapters/http/owner-path.ts"

/** The slug of the team whose page this tab shows; null for one's own pages. */
export const shownTeam = (): string | null => teamOf(location.pathname)

export const useTeam = (): string | null => teamOf(usePathname())

/** Returns the function that makes addresses of pages of the owner whose page is shown. */
export function useOwnerPath(): (path: `/${string}`) => `/${string}` {
  const team = useTeam()
  return (path) => ownerPath(team, path)
}

/** Returns the function that makes URLs of pictures and downloads of that owner. */
export function useOwnerUrl(): (url: string) => string {
  const team = useTeam()
  return (url) => ownerUrl(team, url)
}
