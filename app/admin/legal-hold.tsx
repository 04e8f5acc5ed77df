"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ConfirmedButton } from "#components/calls/confirmed-button.tsx"
import type { LegalHold, LegalHoldInput } from "#lib/rooms/admin/legal-holds.ts"
import { EffectRow } from "./effect-row.tsx"
import { ReasonField } from "./shares/revoke-shares-dialog.tsx"

type LegalHoldPartProps = Pick<LegalHoldInput, "of" | "id"> & {
  name: string
  hold: LegalHold | null
  readOnly?: boolean
}

/** Says whether a legal hold is on a member, a share or a request, with the button that changes that. */
export function LegalHoldPart({ of, id, name, hold, readOnly = false }: LegalHoldPartProps) {
  const t = useTranslations("admin.legalHolds")
  const [reason, setReason] = useState("")
  if (hold)
    return (
      <EffectRow text={t("isHeld", { reason: hold.reason })}>
        {!readOnly && <EndLegalHold hold={hold} />}
      </EffectRow>
    )
  return (
    <EffectRow text={t("text")}>
      <ConfirmedButton
        button={{ variant: "quiet", children: t("set") }}
        keepAs={`legal hold ${id}`}
        title={t("setTitle", { name })}
        description={t("setText")}
        confirmLabel={t("set")}
        tone="primary"
        call={() => ask("POST /admin/legal-holds", { body: { of, id, reason } })}
        fields={["reason"]}
      >
        {(errorOf) => (
          <ReasonField onChange={setReason} error={errorOf("reason")} hint={t("reasonHint")} />
        )}
      </ConfirmedButton>
    </EffectRow>
  )
}

/** Asks before a legal hold is ended. */
export function EndLegalHold({ hold: { id, name } }: { hold: LegalHold }) {
  const t = useTranslations("admin.legalHolds")
  return (
    <ConfirmedButton
      button={{ variant: "quiet", children: t("end"), "aria-label": t("endTitle", { name }) }}
      title={t("endTitle", { name })}
      description={t("endText")}
      confirmLabel={t("end")}
      call={() => ask("DELETE /admin/legal-holds/{id}", { id })}
    />
  )
}
