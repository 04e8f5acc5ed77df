"use client"

import { usePathname, useRouter, useSearchParams } from "next/navigation"
import { useTranslations } from "next-intl"
import { createContext, type ReactNode, use, useCallback, useEffect } from "react"
import { ApiError } from "#components/calls/api-call.ts"
import { reportSessionEnded } from "#components/calls/session-ended.ts"
import { createStore, useStore } from "#components/store.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type {
  OwnScripts,
  OwnZip,
  ViewerScript,
  ZipScript,
} from "#lib/rooms/files/reads/own-scripts.ts"

const Scripts = createContext<OwnScripts | null>(null)

type OwnFilesProps = {
  /** Null while the scripts are not loaded on the server. */
  scripts: OwnScripts | null
  children: ReactNode
}

/**
 * Opens the viewer for the links of FileLink, and for the file that the page's URL names. With a
 * key that opens another tab, or without the viewer, a link downloads the file.
 */
export function OwnFiles({ scripts, children }: OwnFilesProps) {
  const router = useRouter()
  const page = `${usePathname()}?${useSearchParams()}`

  const open = useCallback(
    async (id?: string) => {
      if (!scripts) throw new Error("The viewer is not loaded on the server.")
      const { openOwnFile }: ViewerScript = await import(
        /* turbopackIgnore: true */ scripts.ownViewer
      )
      await openOwnFile(
        { scripts, refresh: router.refresh, signedOut: () => void reportSessionEnded() },
        id,
      )
    },
    [scripts, router],
  )

  useEffect(() => {
    async function openLink(event: MouseEvent) {
      const { target, altKey, ctrlKey, metaKey, shiftKey } = event
      const link = target instanceof Element && target.closest<HTMLAnchorElement>("a[data-file]")
      if (!link || altKey || ctrlKey || metaKey || shiftKey) return
      event.preventDefault()
      await open(link.dataset.file).catch(() => location.assign(link.href))
    }
    document.addEventListener("click", openLink)
    return () => document.removeEventListener("click", openLink)
  }, [open])

  // biome-ignore lint/correctness/useExhaustiveDependencies: looks at the address of each new page
  useEffect(() => {
    if (location.hash.startsWith("#look-")) void open().catch(() => {})
  }, [open, page])

  return <Scripts value={scripts}>{children}</Scripts>
}

/** Whether this tab makes a ZIP, of which it makes one at a time. */
const running = createStore(false)

/** Downloads files of the member as a ZIP, by a script that loads on demand; null without it. */
export function useOwnZip() {
  const scripts = use(Scripts)
  const t = useTranslations("common")
  const toast = useToast()
  const isRunning = useStore(running, false)
  if (!scripts) return null
  const load = (): Promise<ZipScript> => import(/* turbopackIgnore: true */ scripts.zip)
  return {
    isRunning,
    preload: () => void load().catch(() => {}),
    /** Returns when the ZIP has ended; shows a toast if it could not be started. */
    async download(zip: OwnZip) {
      if (running.current()) return
      running.set(true)
      try {
        const { downloadOwnZip } = await load()
        await downloadOwnZip(zip, scripts)
      } catch (error) {
        const message = error instanceof ApiError ? error.message : ""
        toast({ title: message || t("noAnswer"), tone: "danger" })
      } finally {
        running.set(false)
      }
    },
  }
}
