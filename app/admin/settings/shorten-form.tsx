"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useCall, useChange } from "#components/calls/use-call.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { Shortened } from "#lib/admin/shorten-shares.ts"

/**
 * Counts the shares that would end earlier, shows the number, and ends them after a confirmation.
 */
export function ShortenForm({ days }: { days: number }) {
  const t = useTranslations("settings")
  const toast = useToast()
  const counting = useCall()
  const shortening = useChange()
  const [counted, setCounted] = useState<(Shortened & { endsInDays: number }) | null>(null)
  const [isOpen, setOpen] = useState(false)

  function count(form: FormData) {
    // An empty field becomes NaN, which the API refuses.
    const endsInDays = Number(formText(form, "days") ?? Number.NaN)
    shortening.reset()
    counting.run(
      () =>
        ask("POST /admin/settings/shorten", { body: { endsInDays, dryRun: true } }, { slow: true }),
      (result) => {
        setCounted({ ...result, endsInDays })
        setOpen(result.count > 0)
      },
    )
  }

  function confirm({ endsInDays }: { endsInDays: number }) {
    shortening.run(
      () => ask("POST /admin/settings/shorten", { body: { endsInDays } }, { slow: true }),
      ({ count }) => {
        setOpen(false)
        setCounted(null)
        toast({ tone: "ok", title: t("outside.done", { count }) })
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
        <AlertDialog
          open={isOpen}
          onOpenChange={setOpen}
          title={t("outside.confirmTitle", { count: counted.count })}
          description={t.rich("outside.confirmText", {
            count: counted.count,
            until: () => <LocalTime at={counted.endsAt} form="full" />,
          })}
          confirmLabel={t("outside.confirm", { count: counted.count })}
          onConfirm={() => confirm(counted)}
          pending={shortening.pending}
        >
          {shortening.refused && (
            <p role="alert" className="text-sm text-danger">
              {shortening.refused.message}
            </p>
          )}
        </AlertDialog>
      )}
    </form>
  )
}
