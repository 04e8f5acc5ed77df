"use client"

import { useTranslations } from "next-intl"
import {
  Fragment,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from "react"
import { Button } from "#components/ui/button.tsx"
import { forgetTyped, keepTyped, readTyped, type Typing, TypingContext } from "./typed-fields.ts"

type KeepTypedOptions = {
  /** Names the dialog and its subject; undefined to keep nothing. */
  keepAs: string | undefined
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Whether the input is being saved, or saves itself. Then the caller may navigate away. */
  pending?: boolean | undefined
}

/**
 * Keeps a dialog's unsaved input, however the dialog was closed or left, and restores it when the
 * dialog opens again, until it is saved or discarded. The caller closes the dialog with `open`
 * after saving. While there is unsaved input, the browser asks before it unloads the page.
 */
export function useKeepTyped({ keepAs, open, onOpenChange, pending = false }: KeepTypedOptions) {
  const content = useRef<HTMLDivElement>(null)
  const isTyped = useRef(false)
  const wasOpen = useRef(false)
  const isClosedByPerson = useRef(false)
  const [isRestored, setRestored] = useState(false)
  const [round, setRound] = useState(0)

  const typing = useMemo<Typing>(
    () => ({
      read: (field) => (keepAs === undefined ? undefined : readTyped(keepAs, field)),
      keep(field, value) {
        isTyped.current = true
        if (keepAs !== undefined) keepTyped(keepAs, field, value)
      },
      onRestored() {
        isTyped.current = true
        setRestored(true)
      },
      forget() {
        isTyped.current = false
        setRestored(false)
        if (keepAs !== undefined) forgetTyped(keepAs)
      },
    }),
    [keepAs],
  )

  useEffect(() => {
    if (open) isClosedByPerson.current = false
    else if (wasOpen.current) {
      if (!isClosedByPerson.current) typing.forget()
      isTyped.current = false
      setRestored(false)
    }
    wasOpen.current = open
  }, [open, typing])

  const asksFirst = useEffectEvent(() => isTyped.current && !pending)
  useEffect(() => {
    if (!open) return
    const confirmUnload = (event: BeforeUnloadEvent) => {
      if (asksFirst()) event.preventDefault()
    }
    window.addEventListener("beforeunload", confirmUnload)
    return () => window.removeEventListener("beforeunload", confirmUnload)
  }, [open])

  function change(next: boolean) {
    if (!next) isClosedByPerson.current = true
    onOpenChange(next)
  }

  function startAnew() {
    content.current?.parentElement?.focus() // the pressed button disappears
    typing.forget()
    setRound(round + 1)
  }

  return {
    /** Props for the dialog's root. */
    onOpenChange: change,
    close: () => change(false),
    /** Props for the dialog's window. */
    content,
    onInput() {
      isTyped.current = true
    },
    /** Wraps the dialog's content. */
    wrap: (children: ReactNode) => (
      <TypingContext value={typing}>
        {isRestored && <Restored onDiscard={startAnew} />}
        <Fragment key={round}>{children}</Fragment>
      </TypingContext>
    ),
  }
}

/** Tells the user that fields have unsaved input, with a button that restores the saved values. */
function Restored({ onDiscard }: { onDiscard: () => void }) {
  const t = useTranslations("common.typed")
  return (
    <div className="mb-5 flex items-center justify-between gap-4 rounded-[10px] bg-warning text-warning-ink py-2 pe-2 ps-4 text-sm">
      <p role="status">{t("again")}</p>
      <Button variant="quiet" size="sm" className="shrink-0" onClick={onDiscard}>
        {t("discard")}
      </Button>
    </div>
  )
}
