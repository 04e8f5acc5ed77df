"use client"

import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { CutOffDetails } from "#components/cut-offs/cut-off-details.tsx"
import { CutOffSentence } from "#components/cut-offs/cut-off-sentence.tsx"
import { tookText } from "#components/cut-offs/cut-off-text.ts"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { OpenChangeSentence } from "#components/shares/open-changes.tsx"
import { LocalTime, useNow } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Notice } from "#components/ui/notice.tsx"
import { Progress } from "#components/ui/ring/progress.tsx"
import { Ring } from "#components/ui/ring/ring.tsx"
import type { RevocationView } from "#lib/rooms/shares/revoke/find-revocation.ts"
import { useRevocation } from "./use-revocation.ts"

/**
 * A revocation of many shares, with its cut off if it has one, while it runs and when it is done.
 */
export function RevocationProgress({ initial, now }: { initial: RevocationView; now: string }) {
  const t = useTranslations("admin.panic.progress")
  const panic = useTranslations("admin.panic")
  const { revocation, lost } = useRevocation(initial)
  const { state, cutOff, shares, reason, requestedBy, requestedAt, reach } = revocation
  const done = state === "done"
  return (
    <>
      <DetailHead
        sign={
          <Ring
            size={64}
            state={done ? "revoked" : "open"}
            fraction={1 - fractionOf(revocation)}
            className="max-sm:size-13"
          />
        }
        title={t(cutOff ? "title" : "titlePlain", { shares })}
        line={t.rich(requestedBy ? "by" : "byNobody", {
          name: requestedBy ?? "",
          when: () => <LocalTime at={requestedAt} now={now} />,
        })}
      >
        {reason && <p className="mt-1 text-soft wrap-anywhere">{t("reason", { reason })}</p>}
      </DetailHead>

      <div className="mb-8 max-w-168">
        <Notice>
          {isRevoking(revocation) ? (
            <Revoking revocation={revocation} />
          ) : cutOff ? (
            <CuttingOff revocation={revocation} />
          ) : (
            <RevokedAll revocation={revocation} />
          )}
        </Notice>
        {lost && (
          <p role="alert" className="mt-3 text-sm text-danger">
            {t("lost")}
          </p>
        )}
      </div>

      <Figures revocation={revocation} now={now} />

      {reach && reach.filesElsewhere > 0 && (
        <p className="mb-5 max-w-[60ch] text-soft">
          {panic("elsewhere", { files: reach.filesElsewhere })}
        </p>
      )}

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

/** Whether shares are left to revoke before their URLs are cut off. */
const isRevoking = ({ state, cutOff, shares, sharesDone }: RevocationView) =>
  state === "running" && (!cutOff || sharesDone < shares)

/** The fraction of shares, and then of files, that is done. */
function fractionOf(revocation: RevocationView) {
  const { state, shares, sharesDone, files, filesDone } = revocation
  if (state === "done") return 1
  if (isRevoking(revocation)) return sharesDone / shares
  return files ? filesDone / files : 0
}

type PartProps = { revocation: RevocationView }

function Revoking({ revocation }: PartProps) {
  const t = useTranslations("admin.panic.progress")
  const words = useTranslations("common.openChanges")
  const { shares: total, sharesDone: written, interrupted } = revocation
  const change = { kind: "revokeShares", written, total, interrupted } as const
  return (
    <>
      <div role="status">
        <OpenChangeSentence change={change} />
      </div>
      <p className="mt-1 mb-3 text-sm text-soft">{t(interrupted ? "goesOn" : "openLinks")}</p>
      <Progress label={words("label")} fraction={fractionOf(revocation)} />
    </>
  )
}

function CuttingOff({ revocation }: PartProps) {
  const t = useTranslations("admin.panic.progress")
  const words = useTranslations("common.cutOff")
  const { state, files } = revocation
  return (
    <>
      <div role="status">
        <CutOffSentence cutOff={revocation} />
      </div>
      {state === "done" ? (
        <>
          <p className="mt-1 text-sm text-soft">{words("downloadsGoOn")}</p>
          <CutOffDetails cutOff={revocation} />
        </>
      ) : (
        <>
          <p className="mt-1 mb-3 text-sm text-soft">
            {files === null && `${t("finding")}. `}
            {t("runningText")}
          </p>
          <Progress label={t("label")} fraction={files === null ? null : fractionOf(revocation)} />
        </>
      )}
    </>
  )
}

function RevokedAll({ revocation: { shares, exposedUntil } }: PartProps) {
  const t = useTranslations("admin.panic.progress")
  const panic = useTranslations("admin.panic")
  return (
    <>
      <div role="status">
        <strong className="font-semibold">{t("revoked", { shares })}</strong>
      </div>
      <p className="mt-1 text-sm text-soft">
        {exposedUntil
          ? panic.rich("exposedUntil", {
              until: () => <LocalTime at={exposedUntil} form="clock" />,
            })
          : panic("noExposure")}
      </p>
    </>
  )
}

function Figures({ revocation, now }: { revocation: RevocationView; now: string }) {
  const t = useTranslations("admin.panic.progress")
  const words = useTranslations("common.cutOff")
  const locale = useLocale()
  const running = revocation.state === "running"
  const clock = useNow(now, running ? 100 : null)
  const { cutOff, shares, sharesDone, files, filesDone } = revocation
  const revoking = isRevoking(revocation)
  const hasFiles = cutOff && !revoking
  const took = running ? { ...revocation, doneAt: clock.toISOString() } : revocation
  return (
    <dl
      className={classNames(
        "mb-8 flex max-w-168 flex-wrap justify-between gap-4 border-y border-line py-5 sm:grid",
        hasFiles ? "sm:grid-cols-3" : "sm:grid-cols-2",
      )}
    >
      <Figure name={t("shares")}>
        {revoking
          ? t("filesOf", { done: sharesDone, files: shares })
          : shares.toLocaleString(locale)}
      </Figure>
      {hasFiles && (
        <Figure name={t("files")}>
          {files === null
            ? "…"
            : running
              ? t("filesOf", { done: filesDone, files })
              : files === 0
                ? t("filesNone")
                : files.toLocaleString(locale)}
        </Figure>
      )}
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
