"use client"

import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { CutOffSentence } from "#components/cut-offs/cut-off-sentence.tsx"
import { tookText } from "#components/cut-offs/cut-off-text.ts"
import { LocalTime, useNow } from "#components/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { Progress } from "#components/ui/progress.tsx"
import { Ring } from "#components/ui/ring.tsx"
import type { RevocationView } from "#lib/shares/find-revocation.ts"
import { useRevocation } from "./use-revocation.ts"

/** A cut off of many shares, while it runs and when it is done. */
export function RevocationProgress({ initial, now }: { initial: RevocationView; now: string }) {
  const t = useTranslations("admin.panic.progress")
  const panic = useTranslations("admin.panic")
  const { revocation, lost } = useRevocation(initial)
  const { state, shares, reason, requestedBy, requestedAt } = revocation
  const done = state === "done"
  return (
    <>
      <header className="mb-7 flex items-center gap-5 max-sm:items-start">
        <Ring
          size={64}
          state={done ? "revoked" : "open"}
          fraction={1 - fractionOf(revocation)}
          className="max-sm:size-13"
        />
        <div className="min-w-0">
          <h1 className="text-title">{t("title", { shares })}</h1>
          <p className="mt-1 text-soft">
            {t.rich(requestedBy ? "by" : "byNobody", {
              name: requestedBy ?? "",
              when: () => <LocalTime at={requestedAt} now={now} />,
            })}
          </p>
          {reason && <p className="mt-1 text-soft wrap-anywhere">{t("reason", { reason })}</p>}
        </div>
      </header>

      <div className="mb-8 max-w-168">
        <Notice>
          <div role="status">
            <CutOffSentence cutOff={revocation} />
          </div>
          {done ? (
            <p className="mt-1 text-sm text-soft">{panic("downloadsGoOn")}</p>
          ) : (
            <>
              <p className="mt-1 mb-3 text-sm text-soft">
                {revocation.files === null && `${t("finding")}. `}
                {t("runningText")}
              </p>
              <Progress
                label={t("label")}
                fraction={revocation.files === null ? null : fractionOf(revocation)}
              />
            </>
          )}
        </Notice>
        {lost && (
          <p role="alert" className="mt-3 text-sm text-danger">
            {t("lost")}
          </p>
        )}
      </div>

      <Figures revocation={revocation} now={now} />

      {done && (
        <>
          {shares > 0 && <p className="mb-5 max-w-[60ch] text-soft">{panic("onlyAdmin")}</p>}
          <div className="flex flex-wrap gap-3">
            <LinkButton href="/admin/shares?status=revoked" variant="quiet">
              {panic("toShares")}
            </LinkButton>
            <LinkButton href="/admin/audit" variant="quiet">
              {panic("toAudit")}
            </LinkButton>
          </div>
        </>
      )}
    </>
  )
}

/** The part of its files that is done. */
function fractionOf({ state, files, filesDone }: RevocationView) {
  if (state === "done") return 1
  return files ? filesDone / files : 0
}

function Figures({ revocation, now }: { revocation: RevocationView; now: string }) {
  const t = useTranslations("admin.panic.progress")
  const words = useTranslations("common.cutOff")
  const locale = useLocale()
  const running = revocation.state === "running"
  const clock = useNow(now, running ? 100 : null)
  const { shares, files, filesDone } = revocation
  const took = running ? { ...revocation, doneAt: clock.toISOString() } : revocation
  return (
    <dl className="mb-8 grid max-w-168 grid-cols-3 gap-4 border-y border-line py-5">
      <Figure name={t("shares")}>{shares.toLocaleString(locale)}</Figure>
      <Figure name={t("files")}>
        {files === null
          ? "…"
          : running
            ? t("filesOf", { done: filesDone, files })
            : files === 0
              ? t("filesNone")
              : files.toLocaleString(locale)}
      </Figure>
      <Figure name={t("took")}>
        <span suppressHydrationWarning>{tookText(took, words)}</span>
      </Figure>
    </dl>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col justify-between">
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="mt-1 text-lg leading-none font-semibold whitespace-nowrap sm:text-title sm:leading-none">
        {children}
      </dd>
    </div>
  )
}
