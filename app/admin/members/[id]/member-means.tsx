"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import type { MeansView } from "#lib/rooms/accounts/second-factor/find-means-of.ts"

type MemberMeansProps = {
  member: Pick<MemberView, "id" | "name">
  means: MeansView
  readOnly: boolean
}

/** A member's passkeys and authenticator app, with buttons that remove them after a loss. */
export function MemberMeans({ member: { id, name }, means, readOnly }: MemberMeansProps) {
  const t = useTranslations("admin.members.means")
  const [asking, setAsking] = useState<"removePasskeys" | "removeApp" | null>(null)
  const { passkeys, usablePasskeys, appSince } = means

  const asks = (what: "removePasskeys" | "removeApp", call: () => Promise<unknown>) => (
    <ChangeDialog
      open={asking === what}
      onClose={() => setAsking(null)}
      title={t(`${what}Title`, { name })}
      description={`${t(`${what}Text`, { name })} ${t("stolen", { name })}`}
      confirmLabel={t("confirm")}
      call={call}
    />
  )

  return (
    <div className="flex flex-col items-start gap-4">
      <div className="text-soft">
        <p>
          {t("passkeys", { count: passkeys })}
          {usablePasskeys < passkeys && ` ${t("elsewhere", { count: passkeys - usablePasskeys })}`}
        </p>
        <p>
          {appSince
            ? t.rich("app", { since: () => <LocalTime at={appSince} form="date" /> })
            : t("noApp")}
        </p>
      </div>
      {!readOnly && (passkeys > 0 || appSince) && (
        <div className="flex flex-wrap gap-3">
          {passkeys > 0 && (
            <Button variant="quiet" onClick={() => setAsking("removePasskeys")}>
              {t("removePasskeys")}
            </Button>
          )}
          {appSince && (
            <Button variant="quiet" onClick={() => setAsking("removeApp")}>
              {t("removeApp")}
            </Button>
          )}
        </div>
      )}
      {asks("removePasskeys", () => ask("DELETE /admin/users/{id}/passkeys", { id }))}
      {asks("removeApp", () => ask("DELETE /admin/users/{id}/second-factor", { id }))}
    </div>
  )
}
