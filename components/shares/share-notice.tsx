"use client"

import { useTranslations } from "next-intl"
import type { ShareView } from "#lib/shares/share.ts"
import { LocalTime } from "../local-time.tsx"
import { Notice } from "../ui/notice.tsx"
import { Exposure } from "./share-lapse.tsx"

/** Who revoked a share and why, and until when a download address may still work. */
export function ShareNotice({ share, now }: { share: ShareView; now: string }) {
  const t = useTranslations("member.share")
  const { status, revokedAt, revokedBy, revokeReason, exposedUntil } = share
  const exposure = exposedUntil && <Exposure until={exposedUntil} now={now} />
  if (status !== "revoked" && !exposure) return null
  return (
    <div className="mb-8">
      <Notice>
        {status !== "revoked" ? (
          exposure
        ) : (
          <>
            <p>
              {t.rich(revokedBy?.admin ? "revokedByAdmin" : "revokedBy", {
                name: revokedBy?.name ?? "",
                when: () => <LocalTime at={revokedAt ?? now} now={now} />,
              })}
            </p>
            {revokeReason && <p className="mt-1">{t("reason", { reason: revokeReason })}</p>}
            {exposure && <p className="mt-1">{exposure}</p>}
          </>
        )}
      </Notice>
    </div>
  )
}
