"use client"

import { createContext, type ReactNode, useContext } from "react"
import { BrandMark, Mark } from "#components/ui/ring/mark.tsx"
import type { Branding } from "#lib/rooms/settings/branding.ts"

type Brand = Pick<Branding, "name" | "logo">

const BrandContext = createContext<Brand | null>(null)

/** Gives the installation's name and logo to the pages below. */
export function BrandProvider({ brand, children }: { brand: Brand; children: ReactNode }) {
  return <BrandContext value={brand}>{children}</BrandContext>
}

/** The logo and name of the installation, or of Lapse if it has none. */
export function PageMark() {
  const brand = useContext(BrandContext)
  return brand?.name || brand?.logo ? <BrandMark {...brand} /> : <Mark />
}
