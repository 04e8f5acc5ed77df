"use client"

import { AlertDialog as Base } from "@base-ui/react/alert-dialog"
import { useTranslations } from "next-intl"
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from "react"
import { Button } from "./button.tsx"
import { DialogTitle, DialogWindow } from "./dialog-window.tsx"
import { useLeaveGuard, useTypedContent } from "./typed-content.ts"

type Closing = { cancel: () => void }

type KeepTypedOptions = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** What was typed is being saved: then the caller may go to another page. */
  pending?: boolean | undefined
}

const Saved = createContext<() => void>(() => {})

/** For a dialog that stays open: says that what was typed so far is saved. */
export const useTypedIsSaved = () => useContext(Saved)

/**
 * The rule of every dialog: nothing that was typed in it is lost without a question, however it is
 * closed. The caller closes it by `open` after it has saved.
 */
export function useKeepTyped({ open, onOpenChange, pending }: KeepTypedOptions) {
  const [asking, setAsking] = useState(false)
  const content = useRef<HTMLDivElement>(null)
  const typed = useTypedContent()
  // A dialog that was closed by its caller has nothing left to ask about.
  if (!open && asking) setAsking(false)
  useLeaveGuard(open && typed.isTyped && !pending, typed.isDirty, () => setAsking(true))
  const forget = useEffectEvent(typed.forget)
  useEffect(() => {
    if (!open) forget()
  }, [open])

  function change(next: boolean) {
    typed.forget()
    onOpenChange(next)
  }

  return {
    open,
    content,
    watch: typed.watch,
    /** For the root of the dialog. */
    onOpenChange(next: boolean, closing: Closing) {
      if (next || !typed.isDirty()) return change(next)
      closing.cancel()
      setAsking(true)
    },
    /** Closes it, after a question where something was typed. */
    close: () => (typed.isDirty() ? setAsking(true) : change(false)),
    /** Wraps the content of the dialog. */
    wrap: (children: ReactNode) => (
      <Saved.Provider value={typed.forget}>
        {children}
        <Question
          open={asking}
          form={() => content.current?.querySelector("form") ?? null}
          onClose={() => setAsking(false)}
          onDiscard={() => {
            setAsking(false)
            change(false)
          }}
        />
      </Saved.Provider>
    ),
  }
}

type QuestionProps = {
  open: boolean
  /** What Save submits. */
  form: () => HTMLFormElement | null
  onClose: () => void
  onDiscard: () => void
}

function Question({ open, form, onClose, onDiscard }: QuestionProps) {
  const t = useTranslations("common.typed")
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogWindow className="sm:max-w-110" nested>
        <DialogTitle>{t("title")}</DialogTitle>
        <Base.Description className="mt-2 text-soft">{t("text")}</Base.Description>
        <div className="mt-7 flex flex-wrap justify-end gap-3 max-sm:flex-col-reverse">
          {/* The first gets the focus. */}
          <Base.Close render={<Button variant="quiet">{t("goOn")}</Button>} />
          <Button variant="quiet" className="text-danger!" onClick={onDiscard}>
            {t("discard")}
          </Button>
          {open && form() && (
            <Button
              onClick={() => {
                onClose()
                form()?.requestSubmit()
              }}
            >
              {t("save")}
            </Button>
          )}
        </div>
      </DialogWindow>
    </Base.Root>
  )
}
