import { createContext, use } from "react"
import type { Branding } from "#lib/rooms/settings/branding.ts"

export const BrandingContext = createContext<Branding | null>(null)

/** The branding of the installation; null: none is set. */
export const useBranding = () => use(BrandingContext)
