import type { PaletteGroup, PaletteItem } from "#components/ui/overlays/palette-view.tsx"

/** What a line of the search does: it opens the page of a path, or one of these. */
type Target = `/${string}` | "new_share" | "upload" | "sign_out"

export type Act = PaletteItem & { target: Target }
export type ActGroup = Omit<PaletteGroup, "items"> & { items: Act[] }
