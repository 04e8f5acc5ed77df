"use client"

import { Check, Copy } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useEffect, useId, useRef, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { ShareButton } from "#components/ui/share-button.tsx"
import { copyText } from "./copy-text.ts"
import { Input, Textarea } from "./field.tsx"
import { isTyping } from "./is-typing.ts"

type CopyFieldProps = {
  label: string
  value: string
  labelHidden?: boolean
  className?: string | undefined
  /** The title with which a phone can share the text, which must be a URL. */
  shareAs?: string
  /** Whether the button is a quiet one, beside another that is not. */
  quiet?: boolean
  /** The words of the button; by default "Copy". */
  action?: string
  /** The height of a text of several lines. Its buttons are below it. */
  rows?: number
  /** Other buttons, before the one that copies. On a phone all are below the text. */
  children?: ReactNode
  /** Whether the text is selected at once, for example because the browser could not copy it. */
  selected?: boolean
}

/** A text to copy. If the browser forbids it, selects the text and names the keys to press. */
export function CopyField(props: CopyFieldProps) {
  const { label, value, labelHidden = false, className, shareAs, quiet, selected = false } = props
  const { action, children, rows } = props
  const hasMore = children !== undefined && children !== false
  const t = useTranslations("common")
  const id = useId()
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const [state, setState] = useState<"idle" | "copied" | "by_hand">("idle")

  useEffect(() => {
    if (state !== "copied") return
    const timer = setTimeout(() => setState("idle"), 2_500)
    return () => clearTimeout(timer)
  }, [state])

  useEffect(() => {
    // Leaves the focus where the user is typing.
    if (!selected || isTyping()) return
    input.current?.focus()
    input.current?.select()
    setState("by_hand")
  }, [selected])

  async function copy() {
    if (await copyText(value)) return setState("copied")
    input.current?.focus()
    input.current?.select()
    setState("by_hand")
  }

  const text = {
    ...{ ref: input, id, value, readOnly: true, dir: "ltr" },
    onFocus: () => input.current?.select(),
  }
  return (
    <div className={classNames("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className={labelHidden ? "sr-only" : "text-sm font-medium"}>
        {label}
      </label>
      <div
        className={classNames(
          "flex gap-2",
          rows !== undefined && "flex-wrap",
          hasMore && "max-sm:flex-wrap max-sm:*:grow",
        )}
      >
        {rows ? (
          <Textarea
            {...text}
            rows={rows}
            wrap="off"
            className="basis-full resize-none font-mono text-sm!"
          />
        ) : (
          <Input
            {...text}
            className={classNames("min-w-0 grow text-ellipsis", hasMore && "max-sm:basis-full")}
          />
        )}
        {children}
        {shareAs && <ShareButton title={shareAs} url={value} onFailure={copy} />}
        <Button {...(quiet && { variant: "quiet" })} onClick={copy} className="shrink-0 px-4!">
          {state === "copied" ? <Check aria-hidden size={18} /> : <Copy aria-hidden size={18} />}
          {state === "copied" ? t("copied") : (action ?? t("copy"))}
        </Button>
      </div>
      <p role="status" className={state === "by_hand" ? "text-sm text-soft" : "sr-only"}>
        {state === "by_hand" && t("copyByHand")}
        {state === "copied" && t("copied")}
      </p>
    </div>
  )
}
