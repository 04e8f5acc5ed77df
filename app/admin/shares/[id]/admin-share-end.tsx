"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"
import { blocksLinks } from "#components/cut-offs/cut-off-text.ts"
import { shareName } from "#components/shares/share-name.ts"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { AdminShareView } from "#lib/rooms/shares/share.ts"
import { RevokeSharesDialog, type RevokeTarget } from "../revoke-shares-dialog.tsx"

/** Buttons that revoke or restore a member's share. */
export function AdminShareEnd({ share }: { share: AdminShareView }) {
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
        <End text={t("restoreText", { dead: blocksLinks(cutOff) ? "yes" : "no" })}>
          <ChangeButton
            variant="quiet"
            call={() => ask("POST /admin/shares/{id}/restore", { id })}
            onDone={() => toast({ title: t("restored"), tone: "ok" })}
          >
            {t("restore")}
          </ChangeButton>
        </End>
      )}
      {!revokedBy?.admin && (
        <End text={t(revoked ? "takeOver" : "openEnd")}>
          <Button variant="quiet" onClick={show}>
            {t("revokeAsk")}
          </Button>
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

/** An action that ends or reopens a link, and its effect. */
export function End({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-6 max-sm:flex-col max-sm:items-stretch">
      <p className="max-w-[60ch] text-soft">{text}</p>
      <div className="shrink-0 max-sm:grid">{children}</div>
    </div>
  )
}
