"use client"

import { useTranslations } from "next-intl"
import { ApiError } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { useOwnZip } from "#components/files/own-files.tsx"
import { pathBelow } from "#components/folders/folder.ts"
import { shownTeam } from "#components/nav/owner.ts"
import type { AnswerOf } from "#lib/api/ask-by.ts"
import type { FileView } from "#lib/rooms/files/file.ts"

type FilesToZip = {
  title: string
  /** A filter that finds the files, and which of those are wanted: all by default. */
  filter: { q?: string; folder: string; shared?: "false" }
  ids?: ReadonlySet<string>
}

/** Downloads own files as a ZIP, below the folder of the filter; null without the script. */
export function useFilesZip() {
  const t = useTranslations("member.requests.arrivals")
  const zip = useOwnZip()
  if (!zip) return null

  async function list({ filter, ids }: FilesToZip) {
    const found = await find(filter, ids)
    const ready = found.filter(({ status }) => status === "ready")
    const count = found.length - ready.length
    const note = count > 0 ? t("zipWithout", { count }) : ""
    if (ready.length === 0) throw new ApiError("not_ready", note)
    const files = ready.map((file) => ({ ...file, path: pathBelow(filter.folder, file.path) }))
    return { folders: [{ name: "", files }], note }
  }

  return {
    ...zip,
    download: (files: FilesToZip) => zip.download({ title: files.title, list: () => list(files) }),
  }
}

async function find(filter: FilesToZip["filter"], ids: FilesToZip["ids"]) {
  const found: FileView[] = []
  const team = shownTeam()
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = { ...filter, limit: "200", cursor: cursor || undefined }
    const page: AnswerOf<"GET /files"> = await ask("GET /files", { query }, { team })
    found.push(...page.items.filter(({ id }) => ids?.has(id) ?? true))
    cursor = found.length === ids?.size ? null : page.nextCursor
  }
  return found
}
