"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import type { ShareView } from "#lib/shares/share.ts"
import { LocalTime, RelativeTime, useNow } from "../local-time.tsx"

type ShareLapseProps = { share: ShareView; now: string }
type LapseWordsProps = ShareLapseProps & {
  /** Understandable without a column heading. */
  standalone?: boolean
}

/** When a share lapses, or why it is over, in a few words. */
export function LapseWords({ share, now, standalone = false }: LapseWordsProps) {
  const t = useTranslations("member.shares")
  const moment = (at: string) => () => <RelativeTime at={at} now={now} />
  switch (share.status) {
    case "open":
      if (!share.expiresAt) return t(standalone ? "neverLapses" : "never")
      return standalone
        ? t.rich("lapsesIn", { when: moment(share.expiresAt) })
        : moment(share.expiresAt)()
    case "scheduled":
      return t.rich("opensIn", { when: moment(share.startsAt ?? share.createdAt) })
    case "expired":
      return t.rich("lapsedAgo", { when: moment(share.expiresAt ?? share.createdAt) })
    case "revoked":
      return t.rich("revokedAgo", { when: moment(share.revokedAt ?? share.createdAt) })
    case "used_up":
      return t("usedUp")
  }
}

/** The same, with the exact time on a second line. */
export function ShareLapse({ share, now }: ShareLapseProps) {
  const t = useTranslations("member.shares")
  return (
    <>
      <div>
        <LapseWords share={share} now={now} />
      </div>
      <SecondLine>
        {share.status === "revoked" ? (
          <RevokedDetail share={share} now={now} />
        ) : share.status === "scheduled" && share.startsAt ? (
          <LocalTime at={share.startsAt} form="short" now={now} />
        ) : share.expiresAt ? (
          share.status === "used_up" ? (
            t.rich("lapsesAt", {
              when: () => <LocalTime at={share.expiresAt ?? now} form="short" now={now} />,
            })
          ) : (
            <LocalTime at={share.expiresAt} form="short" now={now} />
          )
        ) : null}
      </SecondLine>
    </>
  )
}

function SecondLine({ children }: { children: ReactNode }) {
  return <div className="text-sm text-soft">{children}</div>
}

function RevokedDetail({ share, now }: ShareLapseProps) {
  const t = useTranslations("member.shares")
  if (share.revokedBy?.admin) return t("byAdmin")
  return share.revokedAt ? <LocalTime at={share.revokedAt} form="short" now={now} /> : null
}

/** Until when a download address handed out before may still work, or that none does. */
export function Exposure({ until, now }: { until: string; now: string }) {
  const t = useTranslations("member.shares")
  if (useNow(now, 1_000) > new Date(until)) return t("exposureOver")
  return t.rich("exposed", { until: () => <LocalTime at={until} form="clock" zone={false} /> })
}
