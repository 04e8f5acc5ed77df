"use client"

import { Check, LoaderCircle, PenLine, X } from "lucide-react"
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
import { useReadOnly } from "#components/calls/read-only.tsx"
import { useChange } from "#components/calls/use-call.ts"
import { LeaveQuestion } from "#components/nav/leave-question.tsx"
import { Button } from "#components/ui/button.tsx"
import { ROW } from "#components/ui/forms/field-row.ts"
import { listed } from "#lib/adapters/text/intl-formatters.ts"

type Saving<Name> = {
  pending: boolean
  /** The refusal of a value, if this value was refused. */
  errorOf: (name: Name) => string | undefined
  /** The class that marks the field of a value while it has an unsaved change. */
  markOf: (name: Name) => string | undefined
  /** Saves values in another way than by the form. */
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
  /** When and for whom changes apply. */
  note?: ReactNode
  /** Renders the fields. */
  children: (saving: Saving<Name>) => ReactNode
}

const UNSAVED_MARK =
  "relative before:absolute before:-start-3 before:inset-y-0 before:w-0.75 before:rounded-full before:bg-warning-ink"

const add = (count: number) => count + 1

/** A form of settings with a bar that says whether they are saved. Asks before the page is left with unsaved changes. */
export function SavedForm<Name extends string>({
  id,
  values,
  names,
  labelOf,
  changesOf,
  onSave,
  note,
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
  const isReadOnly = useReadOnly()
  // The name is a part of the field: `branding.logo`.
  const marked = names.find((name) => refused?.field?.split(".").includes(name))

  const compare = useEffectEvent(() => {
    if (form.current && !isReadOnly) setChanged(changesOf(new FormData(form.current)))
  })
  // Compares after rendering, because an input may show or hide fields.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these may change the result
  useEffect(() => compare(), [inputs, round, values])

  const saving: Saving<Name> = {
    pending,
    errorOf: (name) => (name === marked ? refused?.message : undefined),
    markOf: (name) => (changed.includes(name) ? UNSAVED_MARK : undefined),
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
        className="outline-hidden"
        onSubmit={onSubmit((fields) => saving.save(() => onSave(fields, changed), changed))}
        onInput={onInput}
      >
        {/* A new key resets the fields to the saved values. */}
        <Fragment key={round}>{children(saving)}</Fragment>
        {!isReadOnly && (
          <SaveBar
            changed={changed.map(labelOf)}
            pending={pending}
            note={note}
            problem={refused && (marked ? t("marked") : refused.message)}
            saved={
              saved && (
                <p className="text-success-ink">
                  {t.rich("saved", {
                    names: () => (
                      <span className="font-semibold">
                        {listed(unique(saved.map(labelOf)), locale)}
                      </span>
                    ),
                  })}
                </p>
              )
            }
            onDiscard={discard}
            onDismiss={dismiss}
          />
        )}
      </form>
      {changed.length > 0 && <LeaveQuestion />}
    </>
  )
}

type SaveBarProps = {
  /** The names of what has an unsaved change. */
  changed: readonly string[]
  pending: boolean
  note: ReactNode
  /** Why the last save was refused. */
  problem: ReactNode
  /** The fields of the last save; null once dismissed. */
  saved: ReactNode
  onDiscard: () => void
  onDismiss: () => void
}

const SIGNS = {
  saved: { Sign: Check, look: "text-success-ink" },
  unsaved: { Sign: PenLine, look: "text-warning-ink" },
  pending: { Sign: LoaderCircle, look: "animate-spin" },
}

function StateSign({ state }: { state: keyof typeof SIGNS }) {
  const { Sign, look } = SIGNS[state]
  return <Sign aria-hidden size={18} className={`mt-0.75 shrink-0 ${look}`} />
}

/**
 * The end of a form, which says whether it is saved. It stays in sight at the bottom of the screen
 * while there is something to save or report, and the window scrolls what has the focus clear of it
 * (app/globals.css).
 */
function SaveBar(props: SaveBarProps) {
  const { changed, pending, note, problem, saved, onDiscard, onDismiss } = props
  const t = useTranslations("common.saving")
  const locale = useLocale()
  const bar = useRef<HTMLElement>(null)
  const count = changed.length
  const isSaved = count === 0 && !problem && Boolean(saved)
  const state = pending ? "pending" : count > 0 ? "unsaved" : isSaved ? "saved" : "idle"
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
      className="-mx-5 mt-9 border-t border-line bg-paper px-5 py-3 outline-hidden has-[[data-idle]]:mt-6 has-[[data-idle]]:border-transparent has-[[data-idle]]:pb-0 md:-mx-11 md:px-11 print:hidden"
    >
      <div
        data-idle={state === "idle" && !problem ? "" : undefined}
        className={`flex max-w-204 flex-wrap items-center justify-end gap-x-4 gap-y-2 ${ROW}`}
      >
        <div className="flex min-w-0 grow items-start gap-2.5">
          {state !== "idle" && <StateSign state={state} />}
          <div className="min-w-0">
            <div role="status" className="text-[0.9375rem]">
              {state === "saved" ? saved : state !== "idle" && <p>{t(state, { count })}</p>}
            </div>
            {state === "unsaved" && (
              <p className="text-sm text-soft max-sm:hidden">{listed(unique(changed), locale)}</p>
            )}
            {problem && (
              <p role="alert" className="text-sm text-danger">
                {problem}
              </p>
            )}
            {state === "idle" && note && <p className="max-w-160 text-sm text-soft">{note}</p>}
          </div>
        </div>
        {count > 0 ? (
          <div className="flex gap-2">
            <Button variant="quiet" className="max-sm:px-4!" disabled={pending} onClick={onDiscard}>
              {t("discard")}
            </Button>
            <Button type="submit" className="max-sm:px-4!" pending={pending}>
              {t("save")}
            </Button>
          </div>
        ) : state === "idle" && !problem ? (
          note && (
            <Button disabled className="justify-self-start">
              {t("save")}
            </Button>
          )
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

const unique = (names: readonly string[]) => [...new Set(names)]
