"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { type ReactNode, useEffect, useState } from "react"
import { addDrop } from "#components/drops/drops.ts"
import { mayLeaveFor } from "#components/nav/leaving.ts"
import { useOwnerPath } from "#components/nav/owner.ts"
import { PaletteView } from "#components/ui/overlays/palette-view.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { openFileDialog, pickedFiles } from "#packages/uploader/picking/picked-files.ts"
import type { UploadSource } from "#packages/uploader/upload.ts"
import type { Act, SearchScope } from "./act.ts"
import { useActs } from "./use-acts.tsx"
import { useFound } from "./use-found.tsx"
import { useRequestActs, useShareActs } from "./use-share-acts.tsx"

type SearchViewProps = SearchScope & { open: boolean; onOpenChange: (open: boolean) => void }

/**
 * Finds shares, requests, files, for admins also members and settings, and does what the buttons of the
 * members' pages do.
 */
export function SearchView({ open, onOpenChange, ...scope }: SearchViewProps) {
  const { isAdmin } = scope
  const t = useTranslations("member.palette")
  const [query, setQuery] = useState("")
  const acts = useActs({ query, ...scope })
  const found = useFound({ query: open ? query : "", isAdmin })
  const perform = usePerform()
  const { maxShareDays } = scope
  const ofShare = useShareActs({ share: found.share, maxShareDays })
  const ofRequest = useRequestActs({ request: found.request, maxShareDays })
  const [shares, requests, ...others] = found.groups
  const groups = [shares, ofShare.group, requests, ofRequest.group, ...others, ...acts].filter(
    ({ items }) => items.length > 0,
  )

  // Each opening starts with an empty query.
  useEffect(() => {
    if (!open) setQuery("")
  }, [open])
  // "Back" changes the page under the open window. Other changes of it began before it was opened.
  useEffect(() => {
    const close = () => onOpenChange(false)
    window.addEventListener("popstate", close)
    return () => window.removeEventListener("popstate", close)
  }, [onOpenChange])

  function choose(id: string) {
    const act = groups.flatMap(({ items }) => items).find((item) => item.id === id)
    onOpenChange(false)
    if (act) void perform(act)
  }

  return (
    <>
      <PaletteView
        open={open}
        onOpenChange={onOpenChange}
        label={t("label")}
        placeholder={t(isAdmin ? "placeholderAdmin" : "placeholder")}
        query={query}
        onQuery={setQuery}
        groups={groups}
        onChoose={choose}
        status={statusOf(found, query, t)}
      />
      {ofShare.element}
      {ofRequest.element}
    </>
  )
}

type Words = ReturnType<typeof useTranslations<"member.palette">>

function statusOf(
  { problem, isLoading, count }: ReturnType<typeof useFound>,
  query: string,
  t: Words,
): ReactNode {
  if (query.trim() === "") return null
  if (isLoading) return t("searching")
  if (problem !== null) return <span className="text-danger">{t("problem", { problem })}</span>
  return t("found", { count })
}

/** Returns a function that opens the page of an act, or performs it. */
function usePerform() {
  const router = useRouter()
  const at = useOwnerPath()
  const toast = useToast()
  const words = useTranslations("member.upload")

  async function upload(page: string, add: (sources: UploadSource[]) => void) {
    try {
      const sources = await pickFiles()
      if (sources.length === 0) return
      add(sources)
      if (location.pathname !== page && mayLeaveFor(page)) router.push(page)
    } catch {
      toast({ title: words("unreadablePick"), tone: "danger" })
    }
  }

  return async ({ target }: Act) => {
    if (target === "new_share") return upload(at("/shares"), addDrop)
    if (target === "upload")
      return upload(at("/files"), (sources) => void tabUploader().add(sources))
    if (target === "sign_out") return signOut()
    if (typeof target === "function") return target()
    if (mayLeaveFor(target)) router.push(target)
  }
}

/** Submits the layout's form, so that the question about unsaved input is shown first. */
function signOut() {
  document.querySelector<HTMLFormElement>('form[action="/auth/sign-out"]')?.requestSubmit()
}

/** Opens the file picker during a press. Resolves with the picked files, none if cancelled. */
async function pickFiles(): Promise<UploadSource[]> {
  const handles = await openFileDialog()
  if (handles) return handles
  const input = document.createElement("input")
  input.type = "file"
  input.multiple = true
  const { promise, resolve } = Promise.withResolvers<UploadSource[]>()
  input.onchange = () => resolve(pickedFiles(input.files ?? []))
  input.oncancel = () => resolve([])
  input.click()
  return promise
}
