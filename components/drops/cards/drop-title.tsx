"use client"

import { useTranslations } from "next-intl"
import type { Drop } from "#components/drops/drop.ts"
import { saveTitle, typeTitle } from "#components/drops/saved-share.ts"
import { shareName } from "#components/shares/share-name.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import type { Upload } from "#packages/uploader/upload.ts"

/** The title of a drop, which can be typed at any time; until then its file names are shown. */
export function DropTitle({ drop, uploads }: { drop: Drop; uploads: readonly Upload[] }) {
  const t = useTranslations("member.drop")
  const words = useTranslations("member.shares")
  const { id, title, problem } = drop
  const [first] = uploads
  const namedByFiles = (file: { name: string } | undefined, fileCount: number) =>
    file ? shareName({ title: "", name: file.name, fileCount }, words) : ""
  const name = drop.share
    ? namedByFiles(drop.share.files[0], drop.share.fileCount)
    : namedByFiles(first, uploads.length)
  return (
    <div className="flex flex-col gap-1.5">
      <input
        type="text"
        aria-label={t("title")}
        value={title}
        placeholder={name}
        maxLength={200}
        autoComplete="off"
        onChange={({ currentTarget }) => typeTitle(id, currentTarget.value)}
        onBlur={() => void saveTitle(id)}
        onKeyDown={({ key }) => {
          if (key === "Enter") void saveTitle(id)
        }}
        className="-ms-2 h-10 w-full truncate rounded-lg bg-transparent px-2 text-note font-semibold text-ink placeholder:text-ink hover:inset-ring hover:inset-ring-line focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent focus-visible:placeholder:text-soft"
      />
      {problem?.about === "title" && (
        <ActionError unasked>{problem.message || t("noAnswer")}</ActionError>
      )}
    </div>
  )
}
