"use client"

import { useTranslations } from "next-intl"
import {
  type ComponentProps,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
} from "react"
import { useBrowserValue } from "#components/store.ts"
import { buttonClass } from "#components/ui/button-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { openFileDialog, pickedFiles } from "#packages/uploader/picking/picked-files.ts"
import type { UploadSource } from "#packages/uploader/upload.ts"

type DropZoneProps = {
  /** Whether it is only one line high. */
  slim: boolean
  title: string
  text: string
  /** Shown in place of the text. */
  warning?: string | undefined
  onFiles: (sources: UploadSource[]) => void
}

/**
 * Picks files and folders to upload; a phone, which has nothing to drop, shows a button alone.
 * UploadHost handles dropped and pasted files.
 */
export function DropZone({ slim, title, text, warning, onFiles }: DropZoneProps) {
  const t = useTranslations("member.upload")
  const toast = useToast()
  const canPickFolder = useBrowserValue(hasFolderPicker, true)

  /** Opens the browser's file picker if it returns handles, for uploads that survive a reload. */
  async function choose(event: MouseEvent) {
    if (!window.showOpenFilePicker) return
    event.preventDefault()
    try {
      onFiles((await openFileDialog()) ?? [])
    } catch {
      toast({ title: t("unreadablePick"), tone: "danger" })
    }
  }

  return (
    <section
      aria-label={t("zone")}
      className={classNames(
        "flex items-center",
        slim && warning && "max-sm:contents",
        slim
          ? `min-w-0 gap-x-4 gap-y-2 sm:grow sm:basis-96 sm:rounded-xl sm:py-0.5 sm:ps-4 sm:pe-1 sm:max-md:basis-full lg:-my-1.25 ${EDGE}`
          : `mb-8.5 gap-6 rounded-2xl max-sm:flex-col max-sm:items-stretch max-sm:gap-4 sm:px-8 sm:py-7.5 ${EDGE}`,
      )}
    >
      <div
        className={classNames(
          "min-w-0 grow",
          slim && "text-sm leading-snug",
          slim && (warning ? ON_PHONE : "max-sm:hidden"),
        )}
      >
        <h2
          className={classNames(
            "max-sm:hidden pointer-coarse:hidden",
            slim ? "text-sm" : "text-note",
          )}
        >
          {title}
        </h2>
        <p className={warning ? "text-warning-ink" : "text-soft"}>{warning ?? text}</p>
      </div>
      <div className="flex shrink-0 flex-row-reverse gap-2 max-sm:*:grow max-sm:*:nth-2:hidden">
        <FileButton variant="primary" slim={slim} multiple onFiles={onFiles} onClick={choose}>
          {t("choose")}
        </FileButton>
        {canPickFolder && (
          <FileButton variant={slim ? "text" : "quiet"} slim={slim} {...FOLDER} onFiles={onFiles}>
            {t("chooseFolder")}
          </FileButton>
        )}
      </div>
    </section>
  )
}

const EDGE =
  "sm:border-[1.5px] sm:border-dashed sm:border-[color-mix(in_srgb,var(--color-accent)_45%,var(--color-line))] sm:bg-[color-mix(in_srgb,var(--color-wash)_35%,transparent)]"

/** A notice of its own below the title and the button. */
const ON_PHONE =
  "max-sm:order-last max-sm:basis-full max-sm:rounded-[10px] max-sm:bg-warning max-sm:px-4 max-sm:py-1.5"

// Browsers of older phones have no folder picker.
const hasFolderPicker = () => "webkitdirectory" in HTMLInputElement.prototype

// React's types lack this attribute.
const FOLDER: object = { webkitdirectory: "" }

type FileButtonProps = ComponentProps<"input"> & {
  variant: "primary" | "quiet" | "text"
  slim: boolean
  onFiles: (sources: UploadSource[]) => void
  children: ReactNode
}

/**
 * A file input that looks like a button and works before the page's scripts are loaded. Files
 * picked before that are handled when the scripts start.
 */
function FileButton({ variant, slim, onFiles, className, children, ...rest }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null)

  const take = useEffectEvent((input: HTMLInputElement) => {
    if (!input.files?.length) return
    void pickedFiles(input.files).then(onFiles)
    // Otherwise picking the same files again fires no change event.
    input.value = ""
  })
  useEffect(() => {
    const { current } = input
    if (!current) return
    take(current)
    // Kept when the page replaces the button while the dialog is open: the first share does.
    current.addEventListener("change", () => take(current))
  }, [])

  return (
    <label
      className={classNames(
        buttonClass({ variant, size: slim ? "sm" : "md" }),
        "relative overflow-hidden has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
        className,
      )}
    >
      {children}
      <input
        ref={input}
        type="file"
        className="absolute inset-0 size-full cursor-pointer text-[0] opacity-0"
        {...rest}
      />
    </label>
  )
}
