import type { PaletteGroup, PaletteItem } from "#components/ui/overlays/palette-view.tsx"

/** The action of a search result: a path to open, a named action, or a function to call. */
type Target = `/${string}` | "new_share" | "upload" | "sign_out" | (() => void)

export type Act = PaletteItem & { target: Target }
export type ActGroup = Omit<PaletteGroup, "items"> & { items: Act[] }

/** A setting of the installation, and the path of the page with its field. */
export type SettingLink = { label: string; href: `/${string}` }

/** The rights and limits of the member who searches. */
export type SearchScope = {
  isAdmin: boolean
  /** The longest that shares may last, in days. */
  maxShareDays: number | null
  /** What the member may do with requests; null if there are none and none may be made. */
  requests: "make" | "see" | null
  /** The settings that the member can change: none, except for admins. */
  settings: readonly SettingLink[]
}
