"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useCall } from "#components/calls/use-call.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { Shortened } from "#lib/rooms/admin/shorten-shares.ts"

/**
 * Counts the shares that would end earlier, shows the number, and ends them after a confirmation.
 */
export function ShortenForm({ days }: { days: number }) {
  const t = useTranslations("settings")
  const toast = useToast()
  const counting = useCall()
  const [counted, setCounted] = useState<(Shortened & { endsInDays: number }) | null>(null)
  const [isOpen, setOpen] = useState(false)

  function count(form: FormData) {
    // An empty field becomes NaN, which the API refuses.
    const endsInDays = Number(formText(form, "days") ?? Number.NaN)
    counting.run(
      () =>
        ask("POST /admin/settings/shorten", { body: { endsInDays, dryRun: true } }, { slow: true }),
      (result) => {
        setCounted({ ...result, endsInDays })
        setOpen(result.count > 0)
      },
    )
  }

  return (
    <form
      method="post"
      className="flex max-w-120 flex-col items-start gap-3"
      onSubmit={onSubmit(count)}
    >
      <Field
        label={t("outside.shorten")}
        hint={t("outside.shortenHint")}
        error={counting.refused?.message}
      >
        {(control) => (
          <span className="flex items-center gap-2.5">
            <Input
              {...control}
              inputMode="numeric"
              name="days"
              defaultValue={days}
              className="max-w-32"
            />
            <span aria-hidden className="text-soft">
              {t("days")}
            </span>
          </span>
        )}
      </Field>
      <Button type="submit" variant="quiet" pending={counting.pending}>
        {t("outside.ask")}
      </Button>
      <p role="status" className="text-sm empty:hidden">
        {counted?.count === 0 && t("outside.nothing")}
      </p>
      {counted && (
        <ChangeDialog
          open={isOpen}
          onClose={() => setOpen(false)}
          title={t("outside.confirmTitle", { count: counted.count })}
          description={t.rich("outside.confirmText", {
            count: counted.count,
            until: () => <LocalTime at={counted.endsAt} form="full" />,
          })}
          confirmLabel={t("outside.confirm", { count: counted.count })}
          call={() =>
            ask(
              "POST /admin/settings/shorten",
              { body: { endsInDays: counted.endsInDays } },
              { slow: true },
            )
          }
          onDone={({ count }) => {
            setCounted(null)
            toast({ tone: "ok", title: t("outside.done", { count }) })
          }}
        />
      )}
    </form>
  )
}
