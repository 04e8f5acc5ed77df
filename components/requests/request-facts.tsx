"use client"

import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { LinkedText } from "#components/linked-text.tsx"
import { LinedFact } from "#components/pages/facts.tsx"
import { Part } from "#components/pages/section.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { typesText } from "#lib/adapters/text/types-text.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"

type RequestFactsProps = {
  request: RequestView
  now: string
  /** The button beside the heading that edits them. */
  aside?: ReactNode
  /** The folder, as a link for its owner. */
  folder: ReactNode
  className?: string
}

/** What a request takes, asks and shows, read-only. */
export function RequestFacts({ request, now, aside, folder, className }: RequestFactsProps) {
  const t = useTranslations("member.requests.detail")
  const words = useTranslations("member.share")
  const common = useTranslations("common")
  const locale = useLocale()
  const time = (at: string) => <LocalTime at={at} form="short" now={now} />
  const text = (said: string) => (
    <span className="whitespace-pre-line wrap-anywhere">
      <LinkedText text={said} />
    </span>
  )
  const { startsAt, expiresAt, hasPassword, maxFileBytes, types, reusable } = request
  const { message, thanks, notices, createdAt, retention } = request
  return (
    <Part
      id="settings"
      title={t("settings")}
      aside={aside}
      className={classNames("@container", className)}
    >
      <dl className="gap-x-11 border-t border-line text-[0.9375rem] @2xl:columns-2">
        {startsAt && <LinedFact name={words("opens")}>{time(startsAt)}</LinedFact>}
        <LinedFact name={words("lapses")}>
          {expiresAt ? (
            <LocalTime at={expiresAt} form="short" zone={false} now={now} />
          ) : (
            words("never")
          )}
        </LinedFact>
        <LinedFact name={t("folder")}>{folder}</LinedFact>
        <LinedFact name={words("password")}>
          {words(hasPassword ? "passwordSet" : "none")}
        </LinedFact>
        <LinedFact name={t("senders")}>{t(reusable ? "any" : "one")}</LinedFact>
        <LinedFact name={t("maxFileBytes")}>
          {maxFileBytes === null ? t("notSet") : formatBytes(maxFileBytes, locale)}
        </LinedFact>
        <LinedFact name={t("types")}>
          {types.length === 0
            ? t("everyType")
            : typesText(types, (of) => common("fileType", of), locale)}
        </LinedFact>
        {retention !== null && (
          <LinedFact name={t("retention")}>{t("days", { count: retention })}</LinedFact>
        )}
        <LinedFact name={t("asks")}>
          <Asked fields={request.fields} />
        </LinedFact>
        <LinedFact name={t("notices")}>{words(notices ? "on" : "off")}</LinedFact>
        {message && <LinedFact name={words("message")}>{text(message)}</LinedFact>}
        {thanks && <LinedFact name={t("thanks")}>{text(thanks)}</LinedFact>}
        <LinedFact name={words("created")}>{time(createdAt)}</LinedFact>
      </dl>
    </Part>
  )
}

function Asked({ fields }: Pick<RequestView, "fields">) {
  const t = useTranslations("member.requests.detail")
  const asked = [
    { label: t("name"), asked: fields.name },
    { label: t("address"), asked: fields.address },
    ...fields.own.map(({ label, required }) => ({
      label,
      asked: required ? ("required" as const) : ("optional" as const),
    })),
  ].filter(({ asked }) => asked !== "no")
  if (asked.length === 0) return t("nothing")
  return (
    <ul>
      {asked.map(({ label, asked }) => (
        <li key={label} className="wrap-anywhere">
          <bdi>{asked === "required" ? t("required", { label }) : label}</bdi>
        </li>
      ))}
    </ul>
  )
}
