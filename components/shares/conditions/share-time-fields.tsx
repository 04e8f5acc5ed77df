"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { endAtFraction, ringOf, stepEnd } from "#components/shares/expiry/end-steps.ts"
import { useEndText } from "#components/shares/expiry/use-end-text.ts"
import { zoneName } from "#components/time/format-time.ts"
import { LocalTime, useReader } from "#components/time/local-time.tsx"
import { useTyped, useTypedFlag } from "#components/ui/dialogs/typed-fields.ts"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { RingSlider } from "#components/ui/ring/ring-slider.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { fromLocalInput, toLocalInput } from "./date-time-input.ts"
import { allowedExpiries, type ExpiryChoice, expiryOf, isExpiryPreset } from "./expiry-presets.ts"

type FieldProps = {
  share: Pick<ShareView, "startsAt" | "expiresAt">
  /** Returns the server's time, because the server decides when a share starts and ends. */
  now: () => Date
  error: ReactNode
  className?: string
}
type ExpiryFieldProps = FieldProps & {
  maxShareDays: number | null
  /** The end as it is, for the first choice. */
  keepText?: string | null
}

/** Selects when a share expires: unchanged, after a period, at a date and time, or never. */
export function ExpiryField({
  share,
  maxShareDays,
  keepText,
  now,
  error,
  className,
}: ExpiryFieldProps) {
  const t = useTranslations("member.conditions")
  const zone = zoneName(now(), useReader())
  const choices: ExpiryChoice[] = ["keep", ...allowedExpiries(maxShareDays), "at"]
  const [chosen, setChosen] = useTyped("expires", "keep")
  const choice = choices.find((one) => one === chosen) ?? "keep"
  // The input has no seconds.
  const [at, setAt] = useTyped(
    "expiresAt",
    toLocalInput(share.expiresAt ? new Date(share.expiresAt) : expiryOf("week", now())),
  )
  const lapses = isExpiryPreset(choice)
    ? expiryOf(choice, now()).toISOString()
    : choice === "keep"
      ? share.expiresAt
      : choice === "at"
        ? fromLocalInput(at)
        : null
  const bounds = { now: now(), maxShareDays }
  const end = lapses ? new Date(lapses) : null
  const endText = useEndText(bounds.now)
  const setEnd = (next: Date | null) => {
    if (next === null) return setChosen(share.expiresAt === null ? "keep" : "never")
    if (next === end) return
    setChosen("at")
    setAt(toLocalInput(next))
  }
  return (
    <Field
      label={t("lapses")}
      error={error}
      className={className}
      hint={
        choice === "at" ? (
          zone
        ) : choice === "keep" && keepText ? undefined : lapses ? (
          <LocalTime at={lapses} form="short" zone />
        ) : (
          t("neverHint")
        )
      }
    >
      {(control) => (
        // The ring stays below the pointer when the field of the date appears.
        <div className="flex items-start gap-2">
          <RingSlider
            label={t("lapsesRing")}
            valueText={endText(end)}
            {...ringOf(end, bounds)}
            size={56}
            onDrag={(fraction) => setEnd(endAtFraction(fraction, bounds))}
            onStep={(step) => setEnd(stepEnd(end, step, bounds))}
          />
          <div className="mt-4 flex min-w-0 grow flex-col gap-1.5">
            <NativeSelect
              {...control}
              name="expires"
              value={choice}
              onChange={({ currentTarget }) => setChosen(currentTarget.value)}
            >
              {choices
                .filter((one) => one !== "never" || share.expiresAt !== null)
                .map((one) => (
                  <option key={one} value={one}>
                    {one === "keep" && keepText
                      ? keepText
                      : one === "keep" && share.expiresAt === null
                        ? t("expiry.never")
                        : t(`expiry.${one}`)}
                  </option>
                ))}
            </NativeSelect>
            {choice === "at" && (
              <>
                <Input
                  type="datetime-local"
                  required
                  aria-label={t("lapsesAtIn", { zone })}
                  value={at}
                  onChange={({ currentTarget }) => setAt(currentTarget.value)}
                />
                <input type="hidden" name="expiresAt" value={fromLocalInput(at) ?? ""} />
              </>
            )}
            {isExpiryPreset(choice) && (
              <input type="hidden" name="expiresAt" value={lapses ?? ""} />
            )}
          </div>
        </div>
      )}
    </Field>
  )
}

/** Selects when a share opens: at once, or at a date and time. */
export function StartField({ share, now, error, className }: FieldProps) {
  const t = useTranslations("member.conditions")
  const zone = zoneName(now(), useReader())
  const [later, setLater] = useTypedFlag("later", share.startsAt !== null)
  const [at, setAt] = useTyped(
    "startsAt",
    toLocalInput(share.startsAt ? new Date(share.startsAt) : expiryOf("day", now())),
  )
  const same = share.startsAt ? later && toLocalInput(new Date(share.startsAt)) === at : !later
  return (
    <Field label={t("opens")} error={error} className={className} hint={later ? zone : undefined}>
      {(control) => (
        <>
          <NativeSelect
            {...control}
            value={later ? "at" : "now"}
            onChange={({ currentTarget }) => setLater(currentTarget.value === "at")}
          >
            <option value="now">{t("atOnce")}</option>
            <option value="at">{t("expiry.at")}</option>
          </NativeSelect>
          {later && (
            <Input
              type="datetime-local"
              required
              aria-label={t("opensAtIn", { zone })}
              value={at}
              onChange={({ currentTarget }) => setAt(currentTarget.value)}
            />
          )}
          <input type="hidden" name="starts" value={same ? "keep" : later ? "at" : "now"} />
          <input type="hidden" name="startsAt" value={fromLocalInput(at) ?? ""} />
        </>
      )}
    </Field>
  )
}
