"use client"

import { useTranslations } from "next-intl"
import { useRef } from "react"
import { pickedFiles } from "#lib/browser/dropped-files.ts"
import { tabUploader } from "#lib/browser/tab-uploader.ts"
import { Button } from "../ui/button.tsx"
import { Ring } from "../ui/ring.tsx"

/** Where an upload begins: by hand, by drop, by paste. Drops and pastes land in UploadHost, wherever on the page. */
export function DropZone() {
  const t = useTranslations("member.upload")
  const input = useRef<HTMLInputElement>(null)
  return (
    <section
      aria-label={t("zone")}
      className="mb-8.5 flex items-center gap-6 rounded-2xl border-[1.5px] border-dashed border-[color-mix(in_srgb,var(--color-accent)_45%,var(--color-line))] bg-[color-mix(in_srgb,var(--color-wash)_35%,transparent)] px-8 py-7.5 max-sm:flex-col max-sm:items-stretch max-sm:gap-4 max-sm:p-5"
    >
      <Ring fraction={0.72} size={44} className="max-sm:hidden" />
      <div className="min-w-0 grow">
        <h2 className="text-note">{t("drop")}</h2>
        <p className="text-soft">{t("dropText")}</p>
      </div>
      <Button className="needs-script shrink-0" onClick={() => input.current?.click()}>
        {t("choose")}
      </Button>
      <p className="needs-no-script text-soft">{t("needsScript")}</p>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("choose")}
        onChange={({ currentTarget }) => {
          tabUploader().add(pickedFiles(currentTarget.files ?? []))
          // So that the same file can be picked again.
          currentTarget.value = ""
        }}
      />
    </section>
  )
}
