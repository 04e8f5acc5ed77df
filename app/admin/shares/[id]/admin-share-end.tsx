"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"
import { blocksLinks } from "#components/cut-offs/cut-off-text.ts"
import { shareName } from "#components/shares/share-name.ts"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { LegalHold } from "#lib/rooms/admin/legal-holds.ts"
import type { AdminShareView } from "#lib/rooms/shares/share.ts"
import { EffectRow } from "../../effect-row.tsx"
import { LegalHoldPart } from "../../legal-hold.tsx"
import { RevokeSharesDialog, type RevokeTarget } from "../revoke-shares-dialog.tsx"

type AdminShareEndProps = { share: AdminShareView; hold: LegalHold | null }

/** Buttons that revoke or restore a member's share, and for a legal hold. */
export function AdminShareEnd({ share, hold }: AdminShareEndProps) {
  const t = useTranslations("admin.shares")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const [target, setTarget] = useState<RevokeTarget | null>(null)
  const { id, status, revokedBy, cutOff } = share
  const revoked = status === "revoked"
  const show = () =>
    setTarget({
      ids: [id],
      openIds: revoked ? [] : [id],
      title: () => t("revokeOne", { name: shareName(share, words) }),
    })
  return (
    <section className="mt-10 flex flex-col gap-5 border-t border-line pt-5">
      {revoked && (
        <EffectRow text={t("restoreText", { dead: blocksLinks(cutOff) ? "yes" : "no" })}>
          <ChangeButton
            variant="quiet"
            call={() => ask("POST /admin/shares/{id}/restore", { id })}
            onDone={() => toast({ title: t("restored"), tone: "ok" })}
          >
            {t("restore")}
          </ChangeButton>
        </EffectRow>
      )}
      {!revokedBy?.admin && (
        <EffectRow text={t(revoked ? "takeOver" : "openEnd")}>
          <Button variant="quiet" onClick={show}>
            {t("revokeAsk")}
          </Button>
        </EffectRow>
      )}
      <LegalHoldPart of="share" id={id} name={shareName(share, words)} hold={hold} />
      <RevokeSharesDialog
        target={target}
        onClose={() => setTarget(null)}
        onRevoked={() => setTarget(null)}
      />
    </section>
  )
}
