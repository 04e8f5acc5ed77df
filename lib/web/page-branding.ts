import "server-only"
import { cache } from "react"
import { readBrandingOrLast } from "#lib/rooms/settings/read-branding.ts"

/** The branding of the page that is being rendered. */
export const pageBranding = cache(readBrandingOrLast)
