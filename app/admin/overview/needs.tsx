import { getLocale, getTranslations } from "next-intl/server"
import type { ReactElement } from "react"
import { orOutage } from "#app/or-outage.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { RelativeTime } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { numberFormat } from "#lib/adapters/text/intl-formatters.ts"
import { isAdmin, type SessionAuditor } from "#lib/rooms/accounts/member.ts"
import { findNearlyFull } from "#lib/rooms/admin/find-nearly-full.ts"
import { listAllFiles } from "#lib/rooms/admin/list-all-files.ts"
import { type FailingJob, SHARES_COUNTED_TO } from "#lib/rooms/admin/overview.ts"
import type { BackupsView } from "#lib/rooms/checks/backups/view-backups.ts"
import { needsAttention } from "#lib/rooms/checks/describe-finding.ts"
import type { ChecksView } from "#lib/rooms/checks/view-checks.ts"
import { findUndelivered } from "#lib/rooms/mail/find-mails.ts"
import { listAskedShares, listAskedSharesAsAdmin } from "#lib/rooms/questions/list-asked-shares.ts"
import type { AskedShare } from "#lib/rooms/questions/question.ts"
import type { Night } from "#lib/rooms/retention/night.ts"
import { BackUpButton } from "../checks/back-up-button.tsx"
import { Need, NeedList } from "../need-list.tsx"
import { WithCode } from "../with-code.tsx"

/** How many members, shares and checks are named. */
const NAMED = 3

type NeedsProps = {
  reader: SessionAuditor
  /** The parts of the installation that do not work, with their states in words. */
  failing: { name: string; state: string }[]
  checks: ChecksView
  backups: BackupsView
  jobs: { count: number; jobs: FailingJob[] }
  /** Describes the admin who keeps access although the provider excludes them. */
  keptAdmin: string | null
  /** How many shares and requests end within a day. */
  lapsing: { shares: number; requests: number }
  /** The result of the last nightly deletion of files; null before the first. */
  night: Night | null
}

/** The issues that an admin has to resolve, the most serious first, or that there are none. */
export const Needs = orOutage(async function Needs(props: NeedsProps) {
  const t = await getTranslations("overview")
  const needs = [
    ...(await needsOfInstallation(props)),
    ...(await needsOfPeople(props.reader)),
    ...(await needsOfEnds(props)),
  ]
  return (
    <section aria-labelledby="needs" className="mb-5.5">
      <h2 id="needs" className="sr-only">
        {t("needs.title")}
      </h2>
      {needs.length > 0 ? (
        <NeedList>{needs}</NeedList>
      ) : (
        <p className="rounded-[14px] bg-success px-4 py-3 text-success-ink">{t("needs.none")}</p>
      )}
    </section>
  )
})

async function needsOfInstallation(props: NeedsProps) {
  const { reader, failing, checks, backups, keptAdmin } = props
  const { count, jobs } = props.jobs
  const t = await getTranslations("overview")
  const attention = checks.items.filter(needsAttention)
  const backup = backups.state === "idle" && attention.find(({ id }) => id === "backup")
  const others = attention.filter((line) => line !== backup)
  const needs: ReactElement[] = failing.map(({ name, state }) => (
    <Need
      key={name}
      tone="danger"
      title={`${name}: ${state}`}
      action={<Go href="/admin/checks" />}
    />
  ))
  if (keptAdmin)
    needs.push(
      <Need key="kept" tone="danger" title={keptAdmin} action={<Go href="/admin/members" />} />,
    )
  if (backup)
    needs.push(
      <Need
        key="backup"
        tone={backup.state === "fail" ? "danger" : "warning"}
        title={backup.name}
        action={isAdmin(reader) && <BackUpButton />}
      >
        <WithCode text={backup.sentence} />
      </Need>,
    )
  if (others.length > 0)
    needs.push(
      <Need
        key="checks"
        tone={others.some(({ state }) => state === "fail") ? "danger" : "warning"}
        title={t("checksAttention", { count: others.length })}
        action={<Go href="/admin/checks" />}
      >
        {others.map(({ name }) => name).join(" · ")}
      </Need>,
    )
  if (count > 0)
    needs.push(
      <Need key="jobs" tone="danger" title={t("jobsFailing", { count })}>
        <ul>
          {jobs.map(({ task, attempts, maxAttempts, runsAt }) => (
            <li key={`${task} ${runsAt}`}>
              {t("job", { task, attempts })}
              {attempts >= maxAttempts
                ? t("jobGivenUp")
                : t.rich("jobRuns", { at: () => <RelativeTime at={runsAt} now={reader.now} /> })}
            </li>
          ))}
        </ul>
        {t("jobsHint")}
      </Need>,
    )
  return needs
}

async function needsOfPeople(reader: SessionAuditor) {
  const { owner, auditorId } = reader
  const t = await getTranslations("overview.needs")
  const locale = await getLocale()
  const [ofAdmins, own, full, { failed }, held] = await Promise.all([
    listAskedSharesAsAdmin(auditorId),
    listAskedShares(owner),
    findNearlyFull(auditorId, NAMED),
    findUndelivered(),
    listAllFiles(auditorId, { status: "held", limit: 1 }),
  ])
  const needs: ReactElement[] = []
  for (const [href, asked] of [
    ["/admin/shares", ofAdmins],
    ["/shares", own],
  ] as const)
    if (asked.length > 0)
      needs.push(
        <Need
          key={href}
          tone="request"
          title={t("asked", { count: asked.reduce((sum, { questions }) => sum + questions, 0) })}
          action={<Go href={href} />}
        >
          <Names shares={asked} />
        </Need>,
      )
  if (held.items.length > 0)
    needs.push(
      <Need
        key="held"
        tone="warning"
        title={t("held", { count: held.total ?? 1_000, more: held.total === null ? "yes" : "no" })}
        action={<Go href="/admin/files?status=held" />}
      />,
    )
  for (const { id, name, usedBytes, quotaBytes } of full)
    needs.push(
      <Need
        key={id}
        tone={usedBytes >= quotaBytes ? "danger" : "warning"}
        title={t("full", {
          name,
          part: numberFormat(locale, { style: "percent" }).format(usedBytes / (quotaBytes || 1)),
          quota: formatBytes(quotaBytes, locale),
        })}
        action={
          <Go href={`/admin/members/${id}`} text={isAdmin(reader) ? t("changeLimit") : undefined} />
        }
      >
        {t("fullText", { used: formatBytes(usedBytes, locale) })}
      </Need>,
    )
  if (failed.length > 0)
    needs.push(
      <Need
        key="mail"
        tone="danger"
        title={t("mail", { count: failed.length })}
        action={<Go href="/admin/settings/mail" />}
      >
        {failed[0]?.to}
        {failed[0]?.answer && <> · {failed[0].answer}</>}
      </Need>,
    )
  return needs
}

async function needsOfEnds({ lapsing, night }: NeedsProps) {
  const t = await getTranslations("overview.needs")
  const locale = await getLocale()
  const ends = [
    ["shares", "lapsing", lapsing.shares],
    ["requests", "lapsingRequests", lapsing.requests],
  ] as const
  const needs = ends.flatMap(([list, title, count]) => {
    if (count === 0) return []
    const more = count > SHARES_COUNTED_TO ? "yes" : "no"
    return (
      <Need
        key={title}
        tone="warning"
        title={t(title, { count: Math.min(count, SHARES_COUNTED_TO), more })}
        action={<Go href={`/admin/${list}?status=open&sort=end`} />}
      />
    )
  })
  if (!night || night.soon === 0) return needs
  const { soon: count, soonBytes } = night
  const title = t("lapsingFiles", { count, size: formatBytes(soonBytes, locale) })
  return [
    ...needs,
    <Need key="files" tone="warning" title={title} action={<Go href="/admin/settings/files" />} />,
  ]
}

async function Go({ href, text }: { href: string; text?: string | undefined }) {
  const t = await getTranslations("overview.needs")
  return (
    <LinkButton href={href} variant="quiet" size="sm">
      {text ?? t("review")}
    </LinkButton>
  )
}

async function Names({ shares }: { shares: AskedShare[] }) {
  const words = await getTranslations("member.shares")
  return shares
    .slice(0, NAMED)
    .map((share) => shareName(share, words))
    .join(" · ")
}
