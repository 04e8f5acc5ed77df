"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { LinkedText } from "#components/linked-text.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import type { ShareView } from "#lib/shares/share.ts"
import { useDurationText } from "./link-lifetime.tsx"

type ConditionListProps = { share: ShareView; now: string }

/** The conditions of a share, read-only. */
export function ConditionList({ share, now }: ConditionListProps) {
  const t = useTranslations("member.share")
  const durationText = useDurationText()
  const time = (at: string | null, none: string) =>
    at ? <LocalTime at={at} form="short" zone now={now} /> : none
  return (
    <section aria-labelledby="conditions" className="mt-10">
      <h2 id="conditions" className="mb-1 min-h-9 content-center text-note">
        {t("conditions")}
      </h2>
      <dl className="gap-x-11 border-t border-line text-[0.9375rem] lg:columns-2">
        <Condition name={t("opens")}>{time(share.startsAt, t("atOnce"))}</Condition>
        <Condition name={t("lapses")}>{time(share.expiresAt, t("never"))}</Condition>
        <Condition name={t("password")}>{t(share.hasPassword ? "passwordSet" : "none")}</Condition>
        <Condition name={t("limit")}>
          {share.maxDownloads === null
            ? t("none")
            : t(share.viewOnly ? "viewersOf" : "limitOf", { limit: share.maxDownloads })}
        </Condition>
        <Condition name={t("direct")}>{t(share.direct ? "on" : "off")}</Condition>
        <Condition name={t("previews")}>
          {t(!share.preview ? "off" : share.watermark ? "watermarked" : "on")}
        </Condition>
        {share.viewOnly && <Condition name={t("downloads")}>{t("viewOnly")}</Condition>}
        <Condition name={t("linkLifetime")}>
          {t("linkLifetimeOf", { time: durationText(share.mintTtlSeconds) })}
        </Condition>
        {share.message && (
          <Condition name={t("message")}>
            <span className="whitespace-pre-line wrap-anywhere">
              <LinkedText text={share.message} />
            </span>
          </Condition>
        )}
        <Condition name={t("created")}>{time(share.createdAt, "")}</Condition>
      </dl>
    </section>
  )
}

function Condition({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-3 break-inside-avoid border-b border-line py-2.5">
      <dt className="text-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
