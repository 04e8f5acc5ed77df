"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { ActionForm } from "#components/action-form.tsx"
import { Button } from "#components/ui/button.tsx"
import type { ShareView } from "#lib/shares/share.ts"
import { restoreShareAction, revokeShareAction } from "../actions.ts"
import type { ShareDialogs } from "../use-share-dialogs.tsx"

/** Revokes or restores a share: by dialogs, and without JavaScript by forms. */
export function ShareEnd({ share, dialogs }: { share: ShareView; dialogs: ShareDialogs }) {
  const t = useTranslations("member.share")
  return (
    <section className="mt-10 border-t border-line pt-5">
      {share.status === "revoked" ? (
        <Restore share={share} dialogs={dialogs} />
      ) : (
        <>
          <End
            text={t("revokeText")}
            action={
              <Button
                variant="quiet"
                className="noscript:hidden"
                onClick={() => dialogs.askRevoke(share)}
              >
                {t("revoke")}
              </Button>
            }
          />
          <div className="needs-no-script mt-5">
            <RevokeForms id={share.id} />
          </div>
        </>
      )}
    </section>
  )
}

function Restore({ share, dialogs }: { share: ShareView; dialogs: ShareDialogs }) {
  const t = useTranslations("member.share")
  const byAdmin = share.revokedBy?.admin ?? false
  return (
    <End
      text={t(byAdmin ? "restoreByAdminText" : share.cutOff ? "restoreCutOffText" : "restoreText")}
      action={
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
      }
    />
  )
}

function RevokeForms({ id }: { id: string }) {
  const t = useTranslations("member.share")
  return (
    <div className="flex flex-col gap-4">
      <ActionForm action={revokeShareAction} fields={{ id }}>
        {() => (
          <End
            text={t("revokeNowText")}
            action={
              <Button type="submit" variant="quiet">
                {t("revokeNow")}
              </Button>
            }
          />
        )}
      </ActionForm>
      <ActionForm action={revokeShareAction} fields={{ id, cutOff: "on" }}>
        {() => (
          <End
            text={t("revokeAndCutOffText")}
            action={
              <Button type="submit" variant="danger">
                {t("revokeAndCutOff")}
              </Button>
            }
          />
        )}
      </ActionForm>
    </div>
  )
}

function End({ text, action }: { text: string; action: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-6 max-sm:flex-col max-sm:items-stretch">
      <p className="max-w-[60ch] text-soft">{text}</p>
      <div className="shrink-0 max-sm:grid">{action}</div>
    </div>
  )
}
