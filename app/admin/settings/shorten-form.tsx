"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { LocalTime } from "#components/local-time.tsx"
import { AlertDialog } from "#components/ui/alert-dialog.tsx"
import { Button } from "#components/ui/button.tsx"
import { Field, Input } from "#components/ui/field.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useAct } from "#components/use-act.ts"
import type { Shortened } from "#lib/admin/shorten-shares.ts"
import { shorten } from "./actions.ts"

/** Counts how many shares would end earlier, says so, and ends them after a confirmation. */
export function ShortenForm({ days }: { days: number }) {
  const t = useTranslations("settings")
  const toast = useToast()
  const { act, pending, refused } = useAct(shorten)
  const [endsInDays, setDays] = useState(String(days))
  const [counted, setCounted] = useState<Shortened | null>(null)
  const [isOpen, setOpen] = useState(false)

  function ask() {
    act({ endsInDays, dryRun: "on" }, (result) => {
      setCounted(result)
      setOpen(result.count > 0)
    })
  }

  function confirm() {
    act({ endsInDays }, ({ count }) => {
      setOpen(false)
      setCounted(null)
      toast({ tone: "ok", title: t("outside.done", { count }) })
    })
  }

  return (
    <form
      className="flex max-w-120 flex-col items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      <Field
        label={t("outside.shorten")}
        hint={t("outside.shortenHint")}
        error={isOpen ? undefined : refused?.message}
      >
        {(control) => (
          <span className="flex items-center gap-2.5">
            <Input
              {...control}
              inputMode="numeric"
              value={endsInDays}
              onChange={({ currentTarget }) => setDays(currentTarget.value)}
              className="max-w-32"
            />
            <span aria-hidden className="text-soft">
              {t("days")}
            </span>
          </span>
        )}
      </Field>
      <Button type="submit" variant="quiet" pending={pending && !isOpen}>
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
          onConfirm={confirm}
          pending={pending}
        >
          {refused && (
            <p role="alert" className="text-sm text-danger">
              {refused.message}
            </p>
          )}
        </AlertDialog>
      )}
    </form>
  )
}
