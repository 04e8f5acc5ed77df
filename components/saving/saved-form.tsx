"use client"

import { X } from "lucide-react"
import { useTranslations } from "next-intl"
import {
  Fragment,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useId,
  useReducer,
  useRef,
  useState,
} from "react"
import { onSubmit } from "#components/calls/on-submit.ts"
import { LeaveQuestion } from "#components/nav/leave-question.tsx"
import { Button } from "#components/ui/button.tsx"

type SaveBarProps = {
  /** The form that the bar saves. */
  formId: string
  /** The number of unsaved changes. */
  count: number
  pending: boolean
  /** Why the last save was refused. */
  problem: ReactNode
  /** The names of the saved settings; null once dismissed or after another change. */
  saved: ReactNode
  onDiscard: () => void
  onDismiss: () => void
}

type SavedFormProps<Name> = Omit<SaveBarProps, "formId" | "count"> & {
  /** The saved values; a new object compares again. */
  values: object
  /** The names of the values in the form that differ from the saved ones. */
  changesOf: (form: FormData) => Name[]
  onSave: (form: FormData, changed: readonly Name[]) => void
  /** The fields. */
  children: ReactNode
  /** The part of the page between the form and its save bar. */
  below?: ReactNode
}

const add = (count: number) => count + 1

/** A form of settings with its save bar. Asks before the page is left with unsaved changes. */
export function SavedForm<Name extends string>({
  values,
  changesOf,
  onSave,
  onDiscard,
  children,
  below,
  ...bar
}: SavedFormProps<Name>) {
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const [changed, setChanged] = useState<readonly Name[]>([])
  const [inputs, onInput] = useReducer(add, 0)
  const [round, startAnew] = useReducer(add, 0)

  const compare = useEffectEvent(() => {
    if (form.current) setChanged(changesOf(new FormData(form.current)))
  })
  // Compares after rendering, because an input may show or hide fields.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these may change the result
  useEffect(() => compare(), [inputs, round, values])

  function discard() {
    onDiscard()
    form.current?.focus() // the bar disappears
    startAnew()
  }

  return (
    <>
      <form
        ref={form}
        id={id}
        method="post"
        tabIndex={-1}
        className="outline-hidden"
        onSubmit={onSubmit((fields) => onSave(fields, changed))}
        onInput={onInput}
      >
        {/* A new key resets the fields to the saved values. */}
        <Fragment key={round}>{children}</Fragment>
      </form>
      {below}
      <SaveBar {...bar} formId={id} count={changed.length} onDiscard={discard} />
      {changed.length > 0 && <LeaveQuestion />}
    </>
  )
}

/** The bar at the bottom of a settings page, shown while there is something to save or report. */
function SaveBar({ formId, count, pending, problem, saved, onDiscard, onDismiss }: SaveBarProps) {
  const t = useTranslations("common.saving")
  const bar = useRef<HTMLElement>(null)
  const isSaved = count === 0 && Boolean(saved)
  useEffect(() => {
    // The saved field was rendered again, or the pressed button is gone.
    if (isSaved && document.activeElement === document.body) bar.current?.focus()
  }, [isSaved])
  return (
    <section
      ref={bar}
      aria-label={t("label")}
      tabIndex={-1}
      className="sticky bottom-22 z-40 mt-9 max-w-3xl outline-hidden has-[[data-idle]]:sr-only md:bottom-6 print:hidden"
    >
      <div
        data-idle={count === 0 && !isSaved ? "" : undefined}
        className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2 rounded-xl bg-raised py-3 pe-3 ps-5 shadow-raised inset-ring inset-ring-line forced-colors:border"
      >
        <div className="min-w-0 grow basis-56">
          <div role="status" className="text-[0.9375rem]">
            {count > 0 ? <p>{t("unsaved", { count })}</p> : saved}
          </div>
          {count > 0 && problem && (
            <p role="alert" className="text-sm text-danger">
              {problem}
            </p>
          )}
        </div>
        {count > 0 && (
          <div className="flex gap-2">
            <Button variant="quiet" disabled={pending} onClick={onDiscard}>
              {t("discard")}
            </Button>
            <Button type="submit" form={formId} pending={pending}>
              {t("save")}
            </Button>
          </div>
        )}
        {isSaved && (
          <button
            type="button"
            aria-label={t("dismiss")}
            onClick={onDismiss}
            className="grid size-10 place-items-center rounded-lg text-soft hover:bg-wash hover:text-ink"
          >
            <X aria-hidden size={18} />
          </button>
        )}
      </div>
    </section>
  )
}
