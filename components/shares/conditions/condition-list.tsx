"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { LinkedText } from "#components/linked-text.tsx"
import { LinedFact } from "#components/pages/facts.tsx"
import { Part } from "#components/pages/section.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { classNames } from "#components/ui/class-names.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { useDurationText } from "./link-lifetime.tsx"

type ConditionListProps = {
  share: ShareView
  now: string
  /** The button beside the heading that edits them. */
  aside?: ReactNode
  className?: string
}

/** The conditions of a share, read-only. */
export function ConditionList({ share, now, aside, className }: ConditionListProps) {
  const t = useTranslations("member.share")
  const durationText = useDurationText()
  const time = (at: string) => <LocalTime at={at} form="short" now={now} />
  return (
    <Part
      id="conditions"
      title={t("conditions")}
      aside={aside}
      className={classNames("@container", className)}
    >
      <dl className="gap-x-11 border-t border-line text-[0.9375rem] @2xl:columns-2">
        {share.startsAt && <LinedFact name={t("opens")}>{time(share.startsAt)}</LinedFact>}
        <LinedFact name={t("lapses")}>
          {share.expiresAt ? (
            <LocalTime at={share.expiresAt} form="short" zone={false} now={now} />
          ) : (
            t("never")
          )}
        </LinedFact>
        <LinedFact name={t("password")}>{t(share.hasPassword ? "passwordSet" : "none")}</LinedFact>
        <LinedFact name={t("limit")}>
          {share.maxDownloads === null
            ? t("none")
            : t(share.viewOnly ? "viewersOf" : "limitOf", { limit: share.maxDownloads })}
        </LinedFact>
        <LinedFact name={t("direct")}>{t(share.direct ? "on" : "off")}</LinedFact>
        <LinedFact name={t("previews")}>
          {t(!share.preview ? "off" : share.watermark ? "watermarked" : "on")}
        </LinedFact>
        {share.viewOnly && <LinedFact name={t("downloads")}>{t("viewOnly")}</LinedFact>}
        <LinedFact name={t("linkLifetime")}>{durationText(share.mintTtlSeconds)}</LinedFact>
        {share.message && (
          <LinedFact name={t("message")}>
            <span className="whitespace-pre-line wrap-anywhere">
              <LinkedText text={share.message} />
            </span>
          </LinedFact>
        )}
        <LinedFact name={t("created")}>{time(share.createdAt)}</LinedFact>
      </dl>
    </Part>
  )
}
