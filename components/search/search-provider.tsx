"use client"

import { createContext, type ReactNode, useContext, useEffect, useState } from "react"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { SearchScope } from "./act.ts"

/** The search is loaded before or when it is first opened. */
const views = onDemand(() => import("./search-view.tsx"))

/** Matches a dialog. Base UI gives toasts the same role. */
const DIALOG = ":is([role=dialog], [role=alertdialog]):not([aria-modal=false], [data-closed])"

type Search = { open: () => void; preload: () => void }

const SearchContext = createContext<Search>({ open: () => {}, preload: () => {} })

/** Opens the search that surrounds the component. */
export const useSearch = () => useContext(SearchContext)

type SearchProviderProps = SearchScope & { children: ReactNode }

/** Opens the search by Ctrl+K or ⌘K. Used once, in the layout. */
export function SearchProvider({ children, ...scope }: SearchProviderProps) {
  const [isOpen, setOpen] = useState(false)
  const [isUsed, setUsed] = useState(false)
  const { part, loading } = useShownPart(views, isOpen, () => setOpen(false))
  if (isOpen && !isUsed) setUsed(true)

  useEffect(() => {
    const openByKey = (event: KeyboardEvent) => {
      const isShortcut = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k"
      if (!isShortcut || event.shiftKey || event.altKey) return
      // Otherwise the browser searches the web.
      event.preventDefault()
      if (!document.querySelector(DIALOG)) setOpen(true)
    }
    window.addEventListener("keydown", openByKey)
    return () => window.removeEventListener("keydown", openByKey)
  }, [])

  return (
    <SearchContext value={{ open: () => setOpen(true), preload: views.load }}>
      {children}
      {part && isUsed ? (
        <part.SearchView open={isOpen} onOpenChange={setOpen} {...scope} />
      ) : (
        loading
      )}
    </SearchContext>
  )
}
