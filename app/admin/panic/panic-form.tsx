"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { type ReactNode, useActionState, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { Radio } from "#components/ui/checkbox.tsx"
import { Field, Textarea } from "#components/ui/field.tsx"
import { useAct } from "#components/use-act.ts"
import { numberToConfirm } from "#lib/shares/number-to-confirm.ts"
import type { RevokeSharesResult } from "#lib/shares/share.ts"
import type { ActionState } from "#lib/web/action.ts"
import { type PanicResult, panicAction } from "./actions.ts"
import { Revoked } from "./revoked.tsx"

type How = "cut_off" | "revoke"

type PanicFormProps = {
  /** Hidden fields: what was chosen. */
  selection: Record<string, string>
  counted: RevokeSharesResult
  /** The page of this selection. */
  againHref: string
  /** What would happen, until it did. */
  children: ReactNode
}

/** Asks how, why and for the number of shares, and revokes them. */
export function PanicForm({ selection, counted, againHref, children }: PanicFormProps) {
  const router = useRouter()
  const [state, send] = useActionState<ActionState<PanicResult> | null, FormData>(panicAction, null)
  const { act, pending, refused } = useAct(panicAction)
  const [result, setResult] = useState<PanicResult | null>(null)
  const failed = state?.ok === false ? state : null
  const done = result ?? (state?.ok ? state.result : null)
  if (done) return <Revoked result={done} againHref={againHref} />

  const count = numberToConfirm(counted)
  if (count === 0) return children
  const refusal = refused ?? failed
  return (
    <>
      {children}
      <form
        action={send}
        className="flex max-w-136 flex-col gap-6"
        onSubmit={(event) => {
          event.preventDefault()
          act(new FormData(event.currentTarget), (answer) => {
            if (!answer.id) setResult(answer)
            // Of a plain revocation this page stays, and says the same after a reload.
            if (answer.endHref) router[answer.id ? "push" : "replace"](answer.endHref)
          })
        }}
      >
        {Object.entries({ ...selection, shown: String(count) }).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <PanicFields
          count={count}
          onlyCutOff={counted.count === 0}
          values={failed?.values ?? {}}
          refusal={refusal}
          pending={pending}
        />
      </form>
    </>
  )
}

type PanicFieldsProps = {
  count: number
  /** Nothing is left to revoke. */
  onlyCutOff: boolean
  values: Record<string, string>
  refusal: { message: string; field?: string | undefined } | null
  pending: boolean
}

function PanicFields({ count, onlyCutOff, values, refusal, pending }: PanicFieldsProps) {
  const t = useTranslations("admin.panic")
  const [how, setHow] = useState<How>(values.how === "revoke" && !onlyCutOff ? "revoke" : "cut_off")
  const errorOf = (field: string) => (refusal?.field === field ? refusal.message : undefined)
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
        <p className="text-sm text-soft">{t("downloadsGoOn")}</p>
      </fieldset>
      <Field label={t("reason")} hint={t("reasonHint")} error={errorOf("reason")}>
        {(control) => (
          <Textarea
            {...control}
            name="reason"
            rows={2}
            maxLength={500}
            defaultValue={values.reason}
          />
        )}
      </Field>
      <Field
        label={t("type", { count })}
        hint={t("typeHint", { kind: onlyCutOff ? "exposed" : "shares" })}
        name="typed"
        inputMode="numeric"
        autoComplete="off"
        required
        maxLength={12}
        defaultValue={values.typed}
        error={errorOf("typed")}
        className="max-w-72"
      />
      <div>
        <Button type="submit" variant="danger" pending={pending} className="max-sm:w-full">
          {/* Without JavaScript the label does not follow the choice. */}
          <span className="noscript:hidden">
            {t("submit", { count, how: onlyCutOff ? "only" : how })}
          </span>
          <span className="needs-no-script">{t("submitPlain")}</span>
        </Button>
        {refusal && !["reason", "typed"].includes(refusal.field ?? "") && (
          <p role="alert" className="mt-3 text-sm text-danger">
            {refusal.message}
          </p>
        )}
      </div>
    </>
  )
}
