"use client"

import { X } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import {
  Fragment,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useReducer,
  useRef,
  useState,
} from "react"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { LeaveQuestion } from "#components/nav/leave-question.tsx"
import { Button } from "#components/ui/button.tsx"
import { listed } from "#lib/adapters/text/intl-formatters.ts"

type Saving<Name> = {
  pending: boolean
  /** The refusal of a value, if this value was refused. */
  errorOf: (name: Name) => string | undefined
  /** Saves values without submitting the form. */
  save: (call: () => Promise<void>, names: readonly Name[]) => void
}

type SavedFormProps<Name extends string> = {
  id?: string
  /** The saved values; a new object restarts the comparison. */
  values: object
  /** The names of the values that have a field. */
  names: readonly Name[]
  labelOf: (name: Name) => string
  /** The names of the values in the form that differ from the saved ones. */
  changesOf: (form: FormData) => Name[]
  /** Saves the form. Throws ApiError. */
  onSave: (form: FormData, changed: readonly Name[]) => Promise<void>
  /** The consequences of the last save, shown beside the names of the saved fields. */
  outcome?: ReactNode
  /** Renders the fields. */
  children: (saving: Saving<Name>) => ReactNode
}

const add = (count: number) => count + 1

/** A form of settings with its save bar. Asks before the page is left with unsaved changes. */
export function SavedForm<Name extends string>({
  id,
  values,
  names,
  labelOf,
  changesOf,
  onSave,
  outcome,
  children,
}: SavedFormProps<Name>) {
  const t = useTranslations("common.saving")
  const locale = useLocale()
  const form = useRef<HTMLFormElement>(null)
  const { run, pending, refused, reset } = useChange()
  const [changed, setChanged] = useState<readonly Name[]>([])
  const [saved, setSaved] = useState<readonly Name[] | null>(null)
  const [inputs, onInput] = useReducer(add, 0)
  const [round, startAnew] = useReducer(add, 0)
  // The name is a part of the field: `branding.logo`, `allowedTypes.3`.
  const marked = names.find((name) => refused?.field?.split(".").includes(name))

  const compare = useEffectEvent(() => {
    if (form.current) setChanged(changesOf(new FormData(form.current)))
  })
  // Compares after rendering, because an input may show or hide fields.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these may change the result
  useEffect(() => compare(), [inputs, round, values])

  const saving: Saving<Name> = {
    pending,
    errorOf: (name) => (name === marked ? refused?.message : undefined),
    save: (call, these) => run(call, () => setSaved(these)),
  }

  function dismiss() {
    reset()
    setSaved(null)
  }

  function discard() {
    dismiss()
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
        className="outline-hidden [&>section:first-child]:mt-6 [&>section:first-child]:border-0 [&>section:first-child]:pt-0"
        onSubmit={onSubmit((fields) => saving.save(() => onSave(fields, changed), changed))}
        onInput={onInput}
      >
        {/* A new key resets the fields to the saved values. */}
        <Fragment key={round}>{children(saving)}</Fragment>
        <SaveBar
          count={changed.length}
          pending={pending}
          problem={refused && (marked ? t("marked") : refused.message)}
          saved={
            saved && (
              <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
                <p className="text-ok">
                  {t.rich("saved", {
                    names: () => (
                      <span className="font-semibold">
                        {listed([...new Set(saved.map(labelOf))], locale)}
                      </span>
                    ),
                  })}
                </p>
                {outcome}
              </div>
            )
          }
          onDiscard={discard}
          onDismiss={dismiss}
        />
      </form>
      {changed.length > 0 && <LeaveQuestion />}
    </>
  )
}

type SaveBarProps = {
  /** The number of unsaved changes. */
  count: number
  pending: boolean
  /** Why the last save was refused. */
  problem: ReactNode
  /** The fields of the last save; null once dismissed. */
  saved: ReactNode
  onDiscard: () => void
  onDismiss: () => void
}

/**
 * The end of a form, which stays in sight at the bottom of the screen while there is something to
 * save or report. It never covers the focused element (app/globals.css).
 */
function SaveBar({ count, pending, problem, saved, onDiscard, onDismiss }: SaveBarProps) {
  const t = useTranslations("common.saving")
  const bar = useRef<HTMLElement>(null)
  const isSaved = count === 0 && !problem && Boolean(saved)
  useEffect(() => {
    // The saved field was rendered again, or the pressed button is gone.
    if (isSaved && document.activeElement === document.body) bar.current?.focus()
  }, [isSaved])
  return (
    <section
      ref={bar}
      aria-label={t("label")}
      tabIndex={-1}
      data-save-bar
      className="-mx-5 mt-9 border-t border-line bg-paper px-5 py-3 outline-hidden has-[[data-idle]]:sr-only md:-mx-11 md:px-11 print:hidden"
    >
      <div
        data-idle={count === 0 && !isSaved && !problem ? "" : undefined}
        className="flex max-w-204 flex-wrap items-center justify-end gap-x-4 gap-y-2"
      >
        <div className="min-w-0 grow">
          <div role="status" className="text-[0.9375rem]">
            {count > 0 ? <p>{t("unsaved", { count })}</p> : isSaved && saved}
          </div>
          {problem && (
            <p role="alert" className="text-sm text-danger">
              {problem}
            </p>
          )}
        </div>
        {count > 0 ? (
          <div className="flex gap-2">
            <Button variant="quiet" disabled={pending} onClick={onDiscard}>
              {t("discard")}
            </Button>
            <Button type="submit" pending={pending}>
              {t("save")}
            </Button>
          </div>
        ) : (
          (isSaved || problem) && (
            <button
              type="button"
              aria-label={t("dismiss")}
              onClick={onDismiss}
              className="grid size-11 place-items-center rounded-lg text-soft hover:bg-selected hover:text-ink"
            >
              <X aria-hidden size={18} />
            </button>
          )
        )}
      </div>
    </section>
  )
}
