"use client"

import { useLocale, useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { numberOf, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Section } from "#components/pages/section.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { FIELD_ROW, ROW } from "#components/ui/forms/field-row.ts"
import { Notice } from "#components/ui/notice.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { Lapsing } from "#lib/rooms/retention/count-lapsing.ts"
import type { Night } from "#lib/rooms/retention/night.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"

type Rule = Settings["retention"]

const NAMES = ["sharedDays", "receivedDays", "unsharedDays", "keepDays"] as const

type RetentionFormProps = { rule: Rule; night: Night | null }

/** The rule by which files are deleted. It is stored only after the form has said what it deletes. */
export function RetentionForm({ rule, night }: RetentionFormProps) {
  const t = useTranslations("settings.retention")
  const { run, pending, refused } = useChange()
  const [found, setFound] = useState<{ rule: Rule; lapsing: Lapsing } | null>(null)

  const count = (rule: Rule) =>
    run(async () => {
      const body = { retention: rule, dryRun: true }
      const { lapsing } = await ask("PATCH /admin/settings", { body }, { slow: true })
      if (lapsing) setFound({ rule, lapsing })
    })
  const save = (rule: Rule) =>
    run(
      () => ask("PATCH /admin/settings", { body: { retention: rule } }),
      () => setFound(null),
    )

  return (
    <Section id="retention" title={t("title")} lead={t("lead")}>
      {night?.waits && night.waits !== "clock" && <Waiting night={night} />}
      <form
        method="post"
        className="flex flex-col gap-6"
        onInput={() => setFound(null)}
        onSubmit={onSubmit((form) => count(ruleOf(form)))}
      >
        {NAMES.map((name) => (
          <Field
            key={`${name} ${rule[name]}`}
            label={t(`names.${name}`)}
            hint={t(`hints.${name}`)}
            error={refused?.field?.endsWith(name) ? refused.message : undefined}
            className={FIELD_ROW}
          >
            {(control) => (
              <span className="flex items-center gap-2.5">
                <Input
                  {...control}
                  name={name}
                  inputMode="numeric"
                  defaultValue={rule[name] ?? ""}
                  className="max-w-32"
                />
                <span aria-hidden className="text-soft">
                  {t("days")}
                </span>
              </span>
            )}
          </Field>
        ))}
        <div
          className={`flex flex-wrap items-center gap-x-4 max-lg:justify-end gap-y-2 ${ROW}`}
          aria-live="polite"
        >
          <div className="min-w-0 grow">
            {refused && !refused.field && <p className="text-danger">{refused.message}</p>}
            {found && <Found {...found.lapsing} />}
          </div>
          {found ? (
            <Button
              className="justify-self-start"
              pending={pending}
              onClick={() => save(found.rule)}
            >
              {t("save")}
            </Button>
          ) : (
            <Button type="submit" variant="quiet" className="justify-self-start" pending={pending}>
              {t("count")}
            </Button>
          )}
        </div>
      </form>
    </Section>
  )
}

function Found({ count, bytes, firstDay, isAll }: Lapsing) {
  const t = useTranslations("settings.retention")
  const size = formatBytes(bytes, useLocale())
  return (
    <p>
      {firstDay === null
        ? t("none")
        : t.rich("found", { count, size, day: () => <LocalTime at={firstDay} form="date" /> })}{" "}
      {!isAll && t("foundPart")}
    </p>
  )
}

/** Says that the last night deleted nothing, and lets an admin go on. */
function Waiting({ night }: { night: Night }) {
  const t = useTranslations("settings.retention")
  const { run, pending, done, refused } = useChange()
  const { due, waits } = night
  return (
    <Notice tone="warning" className="mb-5">
      <p>{t("waits", { count: due, why: waits ?? "many" })}</p>
      <p className="mt-2.5">
        <Button
          size="sm"
          variant="quiet"
          pending={pending}
          disabled={done}
          onClick={() => run(() => ask("POST /admin/retention/continue", {}))}
        >
          {t("continue")}
        </Button>
      </p>
      {refused && <p className="mt-2 text-danger">{refused.message}</p>}
    </Notice>
  )
}

const ruleOf = (form: FormData): Rule => ({
  sharedDays: numberOf(form, "sharedDays"),
  receivedDays: numberOf(form, "receivedDays"),
  unsharedDays: numberOf(form, "unsharedDays"),
  keepDays: numberOf(form, "keepDays"),
})
