"use client"

import { useTranslations } from "next-intl"
import type { Upload, UploadState } from "#packages/uploader/upload.ts"
import { countFolders, filesOf, toTree } from "../folders/folder.ts"
import { FolderTree } from "../folders/folder-tree.tsx"
import { classNames } from "../ui/class-names.ts"
import { UploadRow } from "./upload-row.tsx"

/** If there are more uploads than this, they are sorted by state and scroll within the list. */
const MANY = 6
/** The most rows in a folder, and in all: a thousand changing rows would slow the uploads down. */
const MAX_ROWS = 100
const MOST_ROWS = 500

/** The order of many uploads: those that need the member's attention first, stored ones last. */
const RANK: Record<UploadState, number> = {
  failed: 0,
  taken: 1,
  waiting: 1,
  sending: 2,
  finishing: 2,
  starting: 2,
  paused: 3,
  queued: 4,
  stored: 5,
}

type UploadRowsProps = { uploads: readonly Upload[]; onCancel: (upload: Upload) => void }

/** All uploads as rows, by folder. */
export function UploadRows({ uploads, onCancel }: UploadRowsProps) {
  const t = useTranslations("member.upload")
  const many = uploads.length > MANY
  const sorted = many ? uploads.toSorted((a, b) => RANK[a.state] - RANK[b.state]) : uploads
  const hasFolders = sorted.some(({ path }) => path !== "")
  // Failures are listed first, because a closed folder would hide them.
  const failed = hasFolders ? sorted.filter(({ state }) => state === "failed") : []
  const tree = toTree(hasFolders ? sorted.filter(({ state }) => state !== "failed") : sorted)
  return (
    <section
      aria-label={t("list")}
      // The list scrolls, so that the link stays visible. A scrolling region must be focusable.
      {...(many && { tabIndex: 0 })}
      className={classNames(
        "[&>ul:first-of-type>li:first-child]:border-t-0",
        many && "-mx-5 max-h-96 overflow-y-auto px-5",
      )}
    >
      {failed.length > 0 && (
        <ul aria-label={t("failedList")}>
          {failed.slice(0, MAX_ROWS).map((upload) => (
            <UploadRow key={upload.id} upload={upload} onCancel={onCancel} folder={upload.path} />
          ))}
        </ul>
      )}
      <FolderTree
        tree={tree}
        label={t("panel")}
        row={(upload) => <UploadRow key={upload.id} upload={upload} onCancel={onCancel} />}
        maxRows={Math.min(MAX_ROWS, Math.ceil(MOST_ROWS / (countFolders(tree) + 1)))}
        isOpen={() => !many}
        aside={(folder) => <StoredCount uploads={filesOf(folder)} />}
      />
    </section>
  )
}

/** The text "12 of 40 uploaded". */
function StoredCount({ uploads }: { uploads: Upload[] }) {
  const t = useTranslations("member.upload")
  const stored = uploads.filter(({ state }) => state === "stored").length
  return t("overall", { stored, count: uploads.length, failed: 0 })
}
