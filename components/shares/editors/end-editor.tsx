"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useEffect, useEffectEvent, useId, useRef } from "react"
import { fromLocalInput, toLocalInput } from "#components/shares/conditions/date-time-input.ts"
import { allowedExpiries, expiryOf } from "#components/shares/conditions/expiry-presets.ts"
import { endAtFraction, ringOf, stepEnd } from "#components/shares/expiry/end-steps.ts"
import { useEndText } from "#components/shares/expiry/use-end-text.ts"
import { Button } from "#components/ui/button.tsx"
import { useTyped, useTypedIsSaved } from "#components/ui/dialogs/typed-fields.ts"
import { Field } from "#components/ui/forms/field.tsx"
import { RingSlider, type RingStep } from "#components/ui/ring/ring-slider.tsx"
import type { EditorProps } from "./editor-props.ts"

/** Key presses within this time, in milliseconds, are saved as one change. */
const KEYS_MS = 600

/** Sets when a share expires. The ring and the presets save at once, and a typed date on submit. */
export function EndEditor({ share, settings, now, id, save, refusal, close }: EditorProps) {
  const t = useTranslations("member.chips")
  const conditions = useTranslations("member.conditions")
  const words = useId()
  const end = useEnd(share.expiresAt, save)
  const bounds = { now: now(), maxShareDays: settings.maxShareDays }
  const text = useEndText(bounds.now)(end.shown)
  return (
    <form
      method="post"
      id={id}
      className="flex flex-col gap-5"
      onSubmit={async (event) => {
        event.preventDefault()
        if (await end.flush()) close()
      }}
    >
      <div className="flex items-center gap-7 max-sm:flex-col">
        <RingSlider
          label={conditions("lapses")}
          valueText={text}
          {...ringOf(end.shown, bounds)}
          onDrag={(fraction) => end.draft(endAtFraction(fraction, bounds))}
          onDrop={() => void end.flush()}
          onStep={(step: RingStep) => end.draftSoon(stepEnd(end.shown, step, bounds))}
        />
        <div className="min-w-0 grow max-sm:w-full">
          <p id={words} role="status" className="text-note font-semibold first-letter:uppercase">
            {text}
          </p>
          <fieldset
            aria-label={t("presets")}
            aria-describedby={words}
            className="mt-3 flex flex-wrap gap-2"
          >
            {allowedExpiries(settings.maxShareDays).map((preset) => {
              const at = preset === "never" ? null : expiryOf(preset, bounds.now)
              return (
                <Preset key={preset} pressed={isSame(at, end.shown)} onClick={() => end.set(at)}>
                  {t(`preset.${preset}`)}
                </Preset>
              )
            })}
          </fieldset>
        </div>
      </div>
      <Field
        label={t("onDate")}
        type="datetime-local"
        value={end.shown ? toLocalInput(end.shown) : ""}
        onChange={({ currentTarget }) => {
          const at = fromLocalInput(currentTarget.value)
          if (at) end.draft(new Date(at))
        }}
        error={refusal?.field === "expiresAt" && refusal.message}
      />
    </form>
  )
}

type PresetProps = { pressed: boolean; onClick: () => void; children: ReactNode }

function Preset({ pressed, onClick, children }: PresetProps) {
  return (
    <Button
      variant="quiet"
      size="sm"
      aria-pressed={pressed}
      className="aria-pressed:bg-selected aria-pressed:inset-ring-edge"
      onClick={onClick}
    >
      {children}
    </Button>
  )
}

/** Whether two ends are less than a minute apart. Time passes while the dialog is open. */
const isSame = (one: Date | null, other: Date | null) =>
  one && other ? Math.abs(one.getTime() - other.getTime()) < 60_000 : one === other

/** Returns the displayed end, which is saved after a short delay. */
function useEnd(expiresAt: string | null, save: EditorProps["save"]) {
  const saved = expiresAt ?? ""
  const [shown, show] = useTyped("expiresAt", saved)
  const unsaved = useRef(shown === saved ? null : shown)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const typedIsSaved = useTypedIsSaved()

  function stopTimer() {
    clearTimeout(timer.current)
    timer.current = undefined
  }

  function change(end: Date | null) {
    stopTimer()
    unsaved.current = end?.toISOString() ?? ""
    show(unsaved.current)
  }

  /** Saves the displayed end. Resolves with true once it is saved. */
  async function flush() {
    stopTimer()
    const wanted = unsaved.current
    if (wanted === null) return true
    const ok = await save({ expiresAt: wanted || null })
    if (ok && unsaved.current === wanted) {
      unsaved.current = null
      typedIsSaved()
    }
    return ok
  }

  // When the dialog closes, saves recent key presses. A typed date is kept as a draft.
  const flushLast = useEffectEvent(() => {
    if (timer.current !== undefined) void flush()
  })
  useEffect(() => () => flushLast(), [])

  return {
    shown: shown ? new Date(shown) : null,
    draft: change,
    draftSoon(end: Date | null) {
      change(end)
      timer.current = setTimeout(() => void flush(), KEYS_MS)
    },
    set(end: Date | null) {
      change(end)
      void flush()
    },
    flush,
  }
}
