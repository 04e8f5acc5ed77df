"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import type { z } from "zod"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { type Refused, useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Radio } from "#components/ui/forms/checkbox.tsx"
import { Field, Textarea } from "#components/ui/forms/field.tsx"
import { numberToConfirm } from "#lib/rooms/shares/revoke/number-to-confirm.ts"
import type { RevocationPreview } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import type { RevokeSharesInput } from "#lib/rooms/shares/share.ts"
import { type PanicSelection, panicHref } from "./panic-href.ts"

type How = "cut_off" | "revoke"

type PanicFormProps = {
  /** The selection as input of the API. */
  input: z.input<typeof RevokeSharesInput>
  selection: PanicSelection
  preview: RevocationPreview
  /** The dry run. */
  children: ReactNode
}

/** Asks for the kind of revocation, the reason and the number of shares, and revokes them. */
export function PanicForm({ input, selection, preview, children }: PanicFormProps) {
  const t = useTranslations("admin.panic")
  const router = useRouter()
  const { run, pending } = useChange()
  const [refused, setRefused] = useState<Refused | null>(null)
  const count = numberToConfirm(preview)
  if (count === 0) return <div className="max-w-136">{children}</div>

  function revoke(form: FormData) {
    const typed = formText(form, "typed")?.replace(/\D/g, "")
    if (typed !== String(count)) {
      return setRefused({ message: t("countDiffers", { count }), field: "confirm" })
    }
    setRefused(null)
    const reason = formText(form, "reason")
    const cutOff = form.get("how") === "cut_off"
    run(
      () =>
        ask(
          "POST /admin/shares/revoke",
          { body: { ...input, reason, cutOff, confirm: count } },
          { slow: true },
        ),
      ({ id, acts }) => {
        if (id) router.push(`/admin/panic/${id}`)
        else if (acts.length > 0) router.replace(panicHref(selection, acts))
      },
      (refusal) => {
        setRefused(refusal)
        // Refreshes the figures, because the number of shares has changed.
        if (refusal.field === "confirm") router.refresh()
      },
    )
  }

  return (
    <div className="grid gap-x-11 gap-y-8 lg:grid-cols-[minmax(0,34rem)_minmax(0,1fr)] lg:items-start">
      <div className="lg:sticky lg:top-7.5 lg:order-last">{children}</div>
      <form method="post" onSubmit={onSubmit(revoke)} className="flex max-w-136 flex-col gap-6">
        <PanicFields
          count={count}
          kind={preview.open > 0 ? "open" : preview.count > 0 ? "shares" : "exposed"}
          hasRequests={preview.opened.requests > 0}
          refused={refused}
          pending={pending}
        />
      </form>
    </div>
  )
}

type PanicFieldsProps = {
  count: number
  /** The counted shares: open ones, ended ones, or revoked ones with live URLs. */
  kind: "open" | "shares" | "exposed"
  /** Whether some of the counted are requests for files. */
  hasRequests: boolean
  refused: Refused | null
  pending: boolean
}

function PanicFields({ count, kind, hasRequests, refused, pending }: PanicFieldsProps) {
  const onlyCutOff = kind === "exposed"
  const t = useTranslations("admin.panic")
  const words = useTranslations("common.cutOff")
  const [chosen, setHow] = useState<How>("cut_off")
  const how = onlyCutOff ? "cut_off" : chosen
  const errorOf = (field: string) => (refused?.field === field ? refused.message : undefined)
  const hows: How[] = onlyCutOff ? ["cut_off"] : ["cut_off", "revoke"]
  return (
    <>
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-3 text-sm font-medium">{t("how")}</legend>
        {hows.map((one) => (
          <Radio
            key={one}
            name="how"
            value={one}
            label={t(one === "revoke" ? "revoke" : onlyCutOff ? "cutOffOnly" : "cutOff")}
            hint={t(one === "revoke" ? "revokeHint" : onlyCutOff ? "cutOffOnlyHint" : "cutOffHint")}
            checked={how === one}
            onChange={() => setHow(one)}
          />
        ))}
        <p className="text-sm text-soft">{words("downloadsGoOn")}</p>
      </fieldset>
      <Field label={t("reason")} hint={t("reasonHint")} error={errorOf("reason")}>
        {(control) => <Textarea {...control} name="reason" rows={2} maxLength={500} />}
      </Field>
      <Field
        label={t("type", { count })}
        hint={t("typeHint", { kind })}
        name="typed"
        inputMode="numeric"
        autoComplete="off"
        required
        maxLength={12}
        error={errorOf("confirm")}
        className="max-w-72"
      />
      <div>
        <Button type="submit" variant="danger" pending={pending} className="max-sm:w-full">
          {hasRequests
            ? t(how === "revoke" ? "revoke" : "cutOff")
            : t("submit", { count, how: onlyCutOff ? "only" : how })}
        </Button>
        {refused && !["reason", "confirm"].includes(refused.field ?? "") && (
          <ActionError className="mt-3">{refused.message}</ActionError>
        )}
      </div>
    </>
  )
}
