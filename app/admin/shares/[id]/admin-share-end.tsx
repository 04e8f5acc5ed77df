"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { ActionForm } from "#components/action-form.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/toast.tsx"
import type { AdminShareView } from "#lib/shares/share.ts"
import { restoreShareAction, revokeSharesAction } from "../actions.ts"
import { RevokeSharesDialog, type RevokeTarget } from "../revoke-shares-dialog.tsx"

/** Revokes and restores a member's share; without JavaScript a revoke gives no reason. */
export function AdminShareEnd({ share }: { share: AdminShareView }) {
  const t = useTranslations("admin.shares")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const [target, setTarget] = useState<RevokeTarget | null>(null)
  const { id, status, revokedBy, cutOff } = share
  const revoked = status === "revoked"
  const ask = () =>
    setTarget({
      ids: [id],
      openIds: revoked ? [] : [id],
      title: t("revokeOne", { name: shareName(share, words) }),
    })
  return (
    <section className="mt-10 flex flex-col gap-5 border-t border-line pt-5">
      {revoked && (
        <End text={t("restoreText", { dead: cutOff ? "yes" : "no" })}>
          <ActionForm
            action={restoreShareAction}
            fields={{ id }}
            className="grid"
            onDone={() => toast({ title: t("restored"), tone: "ok" })}
          >
            {(pending) => (
              <Button type="submit" variant="quiet" pending={pending}>
                {t("restore")}
              </Button>
            )}
          </ActionForm>
        </End>
      )}
      {!revokedBy?.admin && (
        <End text={t(revoked ? "takeOver" : "openEnd")}>
          <Button variant="quiet" className="noscript:hidden" onClick={ask}>
            {t("revokeAsk")}
          </Button>
          <div className="needs-no-script">
            <div className="flex flex-wrap gap-3">
              <ActionForm action={revokeSharesAction} fields={{ id }}>
                {() => (
                  <Button type="submit" variant="quiet">
                    {t("revoke")}
                  </Button>
                )}
              </ActionForm>
              <ActionForm action={revokeSharesAction} fields={{ id, cutOff: "on" }}>
                {() => (
                  <Button type="submit" variant="danger">
                    {t("revokeAndCutOff")}
                  </Button>
                )}
              </ActionForm>
            </div>
          </div>
        </End>
      )}
      <RevokeSharesDialog
        target={target}
        onClose={() => setTarget(null)}
        onRevoked={() => setTarget(null)}
      />
    </section>
  )
}

function End({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-6 max-sm:flex-col max-sm:items-stretch">
      <p className="max-w-[60ch] text-soft">{text}</p>
      <div className="shrink-0 max-sm:grid">{children}</div>
    </div>
  )
}
