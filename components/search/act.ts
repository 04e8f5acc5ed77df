import type { PaletteGroup, PaletteItem } from "#components/ui/overlays/palette-view.tsx"

/** The action of a search result: opens the page of a path, or does one of these. */
type Target = `/${string}` | "new_share" | "upload" | "sign_out"

export type Act = PaletteItem & { target: Target }
export type ActGroup = Omit<PaletteGroup, "items"> & { items: Act[] }
