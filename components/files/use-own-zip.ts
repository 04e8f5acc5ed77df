"use client"

import { useTranslations } from "next-intl"
import { ApiError } from "#components/calls/api-call.ts"
import { createStore, useStore } from "#components/store.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { OwnZip, ZipScript, ZipScripts } from "#lib/rooms/files/reads/own-zip.ts"

/** Whether this tab makes a ZIP, of which it makes one at a time. */
const running = createStore(false)

/** Downloads files of the member as a ZIP, by a script that loads on demand. */
export function useOwnZip(scripts: ZipScripts) {
  const t = useTranslations("common")
  const toast = useToast()
  const load = (): Promise<ZipScript> => import(/* turbopackIgnore: true */ scripts.script)
  return {
    isRunning: useStore(running, false),
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
