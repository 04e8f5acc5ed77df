"use client"

import { useTranslations } from "next-intl"
import { useActionState, useId } from "react"
import { LinkButton } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { PolicyName, PolicyView } from "#lib/policies/policy.ts"
import type { ActionState } from "#lib/web/action.ts"
import { type PoliciesSaved, savePolicies } from "./actions.ts"
import { PolicyField } from "./policy-field.tsx"

type PolicyFormProps = { title: string; names: PolicyName[]; policies: PolicyView }

/** The policies of one section, saved together. */
export function PolicyForm({ title, names, policies }: PolicyFormProps) {
  const t = useTranslations("settings")
  const [state, send] = useActionState<ActionState<PoliciesSaved> | null, FormData>(
    savePolicies,
    null,
  )
  const resetForm = useId()
  const refusal = state?.ok === false ? state : null
  const field = refusal?.field?.split(".")[0]
  const known = names.find((name) => name === field)
  return (
    <section className="mt-9 border-t border-line pt-7">
      <h2 className="mb-5 text-lg font-semibold tracking-[-0.015em]">{title}</h2>
      {/* Of its own, so that the Enter key saves and resets nothing. */}
      <form action={send} id={resetForm} />
      <form action={send} className="flex max-w-160 flex-col items-start gap-6">
        <input type="hidden" name="of" value={names.join(" ")} />
        {refusal && !known && <Notice tone="danger">{refusal.message}</Notice>}
        {names.map((name) => (
          <PolicyField
            // A field that was reset or saved starts from its new value.
            key={`${name} ${JSON.stringify(policies[name])}`}
            name={name}
            policy={policies[name]}
            typed={refusal?.values}
            resetForm={resetForm}
            error={name === known ? refusal?.message : undefined}
          />
        ))}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <SubmitButton variant="quiet">{t("save")}</SubmitButton>
          <div role="status" className="flex flex-wrap items-center gap-x-4 text-sm">
            {state?.ok && <Saved {...state.result} />}
          </div>
        </div>
      </form>
    </section>
  )
}

function Saved({ changed, outside }: PoliciesSaved) {
  const t = useTranslations("settings")
  if (changed.length === 0) return <p className="text-soft">{t("unchanged")}</p>
  return (
    <>
      <p className="text-ok">{t("saved")}</p>
      {outside > 0 && (
        <>
          <p>{t("outsideAfter", { count: outside })}</p>
          <LinkButton href="/admin/settings?outside=1#outside" variant="quiet" size="sm">
            {t("seeWhich")}
          </LinkButton>
        </>
      )}
    </>
  )
}
