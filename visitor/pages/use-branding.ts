import { createContext, use } from "react"
import type { Branding } from "#lib/settings/branding.ts"

export const BrandingContext = createContext<Branding | null>(null)

/** What the page shows of who runs this installation; null: nothing is set. */
export const useBranding = () => use(BrandingContext)
