"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { ANY_READER, zoneName } from "#components/format-time.ts"
import { useReader } from "#components/local-time.tsx"
import { fromLocalInput, toLocalInput } from "#components/shares/date-time-input.ts"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/field.tsx"

type TimeRangeFormProps = { from: string; to: string; problem: string | null }

/** Two times, in the browser's zone; without JavaScript in UTC. */
export function TimeRangeForm({ from, to, problem }: TimeRangeFormProps) {
  const t = useTranslations("admin.panic")
  const common = useTranslations("common")
  const router = useRouter()
  const reader = useReader()
  const [missing, setMissing] = useState(false)
  const name = zoneName(new Date(), reader)
  const zone = "place" in name ? common("localZone", { place: name.place }) : name.name
  const local = reader.timeZone !== ANY_READER.timeZone
  const shown = (text: string) => inputValue(text, local)
  const message = missing ? t("timesMissing") : problem
  return (
    <section aria-labelledby="pick">
      <h2 id="pick" className="text-note">
        {t("pickTime")}
      </h2>
      <p className="mt-1 text-sm text-soft">{t("timeHint")}</p>
      <form
        action="/admin/panic"
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          const times = ["from", "to"].flatMap((field) => {
            const at = fromLocalInput(String(form.get(field)))
            return at ? [[field, at]] : []
          })
          setMissing(times.length === 0)
          if (times.length === 0) return
          const query = new URLSearchParams([["what", "time"], ...times])
          router.push(`/admin/panic?${query}`)
        }}
      >
        <input type="hidden" name="what" value="time" />
        {/* Its inputs are filled anew once the browser's zone is known. */}
        <div key={reader.timeZone} className="grid max-w-136 gap-4 sm:grid-cols-2">
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
        {message && (
          <p role="alert" className="text-sm text-danger">
            {message}
          </p>
        )}
        <div>
          <Button type="submit" variant="quiet">
            {t("look")}
          </Button>
        </div>
      </form>
    </section>
  )
}

/** An instant as the value of its input, in the browser's zone or in UTC. */
function inputValue(text: string, local: boolean) {
  const at = new Date(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`)
  if (Number.isNaN(at.getTime())) return ""
  return local ? toLocalInput(at) : at.toISOString().slice(0, 16)
}
