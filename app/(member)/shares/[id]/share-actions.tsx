"use client"

import { useTranslations } from "next-intl"
import { ActionForm } from "#components/action-form.tsx"
import { Button } from "#components/ui/button.tsx"
import type { ShareView } from "#lib/shares/share.ts"
import { restoreShareAction, revokeShareAction } from "../actions.ts"
import type { ShareDialogs } from "../use-share-dialogs.tsx"

type ShareActionsProps = { share: ShareView; dialogs: ShareDialogs }

/** Edits, revokes or restores a share: by dialogs, and without JavaScript by forms. */
export function ShareActions({ share, dialogs }: ShareActionsProps) {
  const t = useTranslations("member.share")
  const revoked = share.status === "revoked"
  return (
    <div className="flex flex-wrap gap-2.5">
      <Button
        variant="quiet"
        className="noscript:hidden"
        onPointerEnter={dialogs.preload}
        onFocus={dialogs.preload}
        onClick={() => dialogs.showShare(share, "edit")}
      >
        {t("edit")}
      </Button>
      {revoked ? (
        <Restore share={share} dialogs={dialogs} />
      ) : (
        <>
          <Button
            variant="quiet"
            className="text-danger! noscript:hidden"
            onPointerEnter={dialogs.preload}
            onFocus={dialogs.preload}
            onClick={() => dialogs.askRevoke(share)}
          >
            {t("revoke")}
          </Button>
          <RevokeForm id={share.id} />
          <RevokeForm id={share.id} cutOff />
        </>
      )}
    </div>
  )
}

function Restore({ share, dialogs }: ShareActionsProps) {
  const t = useTranslations("member.share")
  const byAdmin = share.revokedBy?.admin ?? false
  return (
    <>
      <Button
        variant="quiet"
        className="noscript:hidden"
        disabled={byAdmin}
        onClick={() => dialogs.restore(share)}
      >
        {t("restore")}
      </Button>
      <ActionForm
        action={restoreShareAction}
        fields={{ id: share.id }}
        className="needs-no-script grid"
      >
        {() => (
          <Button type="submit" variant="quiet" disabled={byAdmin}>
            {t("restore")}
          </Button>
        )}
      </ActionForm>
    </>
  )
}

/** Without JavaScript: there is no dialog that asks which of the two. */
function RevokeForm({ id, cutOff = false }: { id: string; cutOff?: boolean }) {
  const t = useTranslations("member.share")
  return (
    <ActionForm
      action={revokeShareAction}
      fields={cutOff ? { id, cutOff: "on" } : { id }}
      className="needs-no-script"
    >
      {() => (
        <Button
          type="submit"
          variant={cutOff ? "danger" : "quiet"}
          title={t(cutOff ? "revokeAndCutOffText" : "revokeNowText")}
        >
          {t(cutOff ? "revokeAndCutOff" : "revokeNow")}
        </Button>
      )}
    </ActionForm>
  )
}

/** What restoring a revoked share would do, or who alone can do it. */
export function RestoreText({ share }: { share: ShareView }) {
  const t = useTranslations("member.share")
  const byAdmin = share.revokedBy?.admin ?? false
  return (
    <p className="mb-6 max-w-[60ch] text-soft">
      {t(byAdmin ? "restoreByAdminText" : share.cutOff ? "restoreCutOffText" : "restoreText")}
    </p>
  )
}
