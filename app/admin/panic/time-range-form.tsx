"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { Part } from "#components/pages/section.tsx"
import { fromLocalInput, toLocalInput } from "#components/shares/conditions/date-time-input.ts"
import { zoneName } from "#components/time/format-time.ts"
import { useReader } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"

type TimeRangeFormProps = { from: string; to: string; problem: string | null }

/** A start and an end time in the browser's time zone. */
export function TimeRangeForm({ from, to, problem }: TimeRangeFormProps) {
  const t = useTranslations("admin.panic")
  const router = useRouter()
  const reader = useReader()
  const [missing, setMissing] = useState(false)
  const zone = zoneName(new Date(), reader)
  const shown = (text: string) => inputValue(text, reader.timeZone)

  function look(form: FormData) {
    const times = ["from", "to"].flatMap((field) => {
      const at = fromLocalInput(formText(form, field) ?? "")
      return at ? [[field, at]] : []
    })
    setMissing(times.length === 0)
    if (times.length === 0) return
    router.push(`/admin/panic?${new URLSearchParams([["what", "time"], ...times])}`)
  }

  const message = missing ? t("timesMissing") : problem
  return (
    <Part id="pick" title={t("pickTime")}>
      <p className="-mt-1.5 text-sm text-soft">{t("timeHint")}</p>
      <form method="post" onSubmit={onSubmit(look)} className="mt-4 flex flex-col gap-4">
        {/* An input in which nothing was typed follows its default to the browser's time zone. */}
        <div className="grid max-w-136 gap-4 sm:grid-cols-2">
          <Field
            label={t("from", { zone })}
            name="from"
            type="datetime-local"
            defaultValue={shown(from)}
          />
          <Field
            label={t("to", { zone })}
            name="to"
            type="datetime-local"
            defaultValue={shown(to)}
          />
        </div>
        {message && <ActionError>{message}</ActionError>}
        <div>
          <Button type="submit" variant="quiet">
            {t("look")}
          </Button>
        </div>
      </form>
    </Part>
  )
}

const inputValue = (text: string, timeZone: string) => {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? "" : toLocalInput(at, timeZone)
}
