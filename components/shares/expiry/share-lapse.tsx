"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Dotted } from "#components/lists/dotted.tsx"
import { LocalTime, RelativeTime, useNow } from "#components/time/local-time.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { Badge } from "../../ui/badge.tsx"

type Lapsing = Pick<
  ShareView,
  "status" | "createdAt" | "startsAt" | "expiresAt" | "revokedAt" | "revokedBy"
>
type ShareLapseProps = { share: Lapsing; now: string }

/** A few words on when a share expires, or why it is closed. */
export function LapseWords({ share, now }: ShareLapseProps) {
  const t = useTranslations("member.shares")
  const moment = (at: string) => () => <RelativeTime at={at} now={now} />
  switch (share.status) {
    case "open":
      return share.expiresAt
        ? t.rich("lapsesIn", { when: moment(share.expiresAt) })
        : t("neverLapses")
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

/**
 * When a share expires, or why it is closed, with the exact time if it is in the future. `extend` is
 * the button that moves the end.
 */
export function LapseLine({ share, now, extend }: ShareLapseProps & { extend?: ReactNode }) {
  const { status, expiresAt, startsAt } = share
  const at = status === "open" ? expiresAt : status === "scheduled" ? startsAt : null
  return (
    <Dotted
      items={[
        <LapseWords key="lapse" share={share} now={now} />,
        share.status === "open" && extend,
        at && <LocalTime key="at" at={at} form="short" now={now} />,
      ]}
    />
  )
}

/** When a share expires, or why it is closed, with the exact time on a second line. Its column names the zone. */
export function ShareLapse({ share, now }: ShareLapseProps) {
  const t = useTranslations("member.shares")
  return (
    <>
      <LapseWords share={share} now={now} />
      <SecondLine>
        {share.status === "revoked" ? (
          <RevokedDetail share={share} now={now} />
        ) : share.status === "scheduled" && share.startsAt ? (
          <LocalTime at={share.startsAt} form="short" zone={false} now={now} />
        ) : share.expiresAt ? (
          share.status === "used_up" ? (
            t.rich("lapsesAt", {
              when: () => (
                <LocalTime at={share.expiresAt ?? now} form="short" zone={false} now={now} />
              ),
            })
          ) : (
            <LocalTime at={share.expiresAt} form="short" zone={false} now={now} />
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
  return share.revokedAt ? (
    <LocalTime at={share.revokedAt} form="short" zone={false} now={now} />
  ) : null
}

/** The state of a share's earlier URLs, as a badge in its row. */
export function CutOffBadge({ share, now }: { share: ShareView; now: string }) {
  const t = useTranslations("member.shares")
  const { exposedUntil, cutOff } = share
  const over = useNow(now, exposedUntil ? 1_000 : null) > new Date(exposedUntil ?? now)
  if (cutOff?.state === "running") return <Badge tone="warning">{t("cutOffRunning")}</Badge>
  if (cutOff?.state === "done" && share.status === "revoked")
    return <Badge>{t("cutOffDone")}</Badge>
  if (!exposedUntil || over) return null
  return (
    <Badge tone="warning">
      {t.rich("exposedShort", { until: () => <LocalTime at={exposedUntil} form="clock" /> })}
    </Badge>
  )
}
