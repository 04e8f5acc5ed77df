"use client"

import { useTranslations } from "next-intl"
import { useRef, useSyncExternalStore } from "react"
import { openFileDialog, pickedFiles } from "#packages/uploader/picked-files.ts"
import { Button } from "../ui/button.tsx"
import { Ring } from "../ui/ring.tsx"
import { useToast } from "../ui/toast.tsx"
import { tabUploader } from "./tab-uploader.ts"

/** Picks files and folders to upload. UploadHost takes those that are dropped or pasted. */
export function DropZone() {
  const t = useTranslations("member.upload")
  const toast = useToast()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const canPickFolder = useSyncExternalStore(subscribeToNothing, hasFolderPicker, () => true)

  async function choose() {
    try {
      const picked = await openFileDialog()
      if (picked) tabUploader().add(picked)
      else files.current?.click()
    } catch {
      toast({ title: t("unreadablePick"), tone: "danger" })
    }
  }

  function addFrom(input: HTMLInputElement) {
    tabUploader().add(pickedFiles(input.files ?? []))
    // Otherwise picking the same files again fires no change event.
    input.value = ""
  }

  return (
    <section
      aria-label={t("zone")}
      className="mb-8.5 flex items-center gap-6 rounded-2xl border-[1.5px] border-dashed border-[color-mix(in_srgb,var(--color-accent)_45%,var(--color-line))] bg-[color-mix(in_srgb,var(--color-wash)_35%,transparent)] px-8 py-7.5 max-sm:flex-col max-sm:items-stretch max-sm:gap-4 max-sm:p-5"
    >
      <Ring fraction={0.72} size={44} className="max-lg:hidden" />
      <div className="min-w-0 grow">
        <h2 className="text-note">{t("drop")}</h2>
        <p className="text-soft">{t("dropText")}</p>
      </div>
      <div className="flex shrink-0 flex-row-reverse gap-2 max-lg:flex-col">
        <Button className="needs-script" onClick={choose}>
          {t("choose")}
        </Button>
        {canPickFolder && (
          <Button variant="quiet" className="needs-script" onClick={() => folder.current?.click()}>
            {t("chooseFolder")}
          </Button>
        )}
      </div>
      <p className="needs-no-script text-soft">{t("needsScript")}</p>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t("choose")}
        onChange={({ currentTarget }) => addFrom(currentTarget)}
      />
      <input
        ref={(input) => {
          folder.current = input
          if (input) input.webkitdirectory = true
        }}
        type="file"
        hidden
        aria-label={t("chooseFolder")}
        onChange={({ currentTarget }) => addFrom(currentTarget)}
      />
    </section>
  )
}

const subscribeToNothing = () => () => {}

// Browsers of older phones have none.
const hasFolderPicker = () => "webkitdirectory" in HTMLInputElement.prototype
