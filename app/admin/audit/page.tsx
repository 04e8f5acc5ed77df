import { getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { pageOfAuditor, titledForAuditor } from "#app/(member)/page-of.tsx"
import { ListPage } from "#components/lists/list-page.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { Table } from "#components/ui/tables/table.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { teamNames } from "#lib/rooms/accounts/teams/list-teams.ts"
import { AuditQuery } from "#lib/rooms/audit/audit-entry.ts"
import type { SealedHead } from "#lib/rooms/audit/chain/seal.ts"
import { sealedHead } from "#lib/rooms/audit/chain/sealed-head.ts"
import { type HeadTrouble, inspectHead } from "#lib/rooms/audit/head/inspect-head.ts"
import { type ListedEntry, listAudit } from "#lib/rooms/audit/list-audit.ts"
import { senderNames } from "#lib/rooms/requests/list-deliveries.ts"
import { listFirstFiles } from "#lib/rooms/shares/list/first-files.ts"
import { readListQuery } from "#lib/web/list-address.ts"
import { readerZone } from "#lib/web/reader-zone.ts"
import { type AuditRun, auditDays } from "./audit-days.ts"
import { AuditEntry } from "./audit-entry.tsx"
import { AuditTools } from "./audit-tools.tsx"
import { DayName } from "./day-name.tsx"

/** Rooms, and one action that the help desk searches for, with their labels. */
const ACTIONS = {
  share: "share",
  file: "file",
  member: "member",
  invite: "invite",
  session: "session",
  "session.refuse": "refused",
} as const

export const generateMetadata = titledForAuditor("admin.audit.title")

export default pageOfAuditor(async function AuditPage(
  { auditorId, now },
  { searchParams }: PageProps<"/admin/audit">,
) {
  const t = await getTranslations("admin.audit")
  const query = await readListQuery(AuditQuery, searchParams)
  const [list, head, trouble] = await Promise.all([listAudit(query), sealedHead(), inspectHead()])
  const { items } = list
  const [firstFiles, senders, teams] = await Promise.all([
    listFirstFiles(items.flatMap(untitledShare)),
    senderNames(auditorId, items.map(deliveryOf)),
    teamNames(auditorId, items.map(teamOf)),
  ])
  const { limit, cursor, ...filter } = query
  const size = limit === AuditQuery.parse({}).limit ? {} : { limit: String(limit) }
  const isNarrowed = Object.values(filter).some((value) => value !== undefined)
  const timeZone = await readerZone()
  // With a filter by act or target, each part of an act is listed by itself.
  const isWhole = !filter.actId && !filter.targetId
  const entryOf = (entry: ListedEntry) => (
    <AuditEntry
      entry={entry}
      firstFile={firstFiles.get(entry.targetId ?? "")}
      sender={senders.get(deliveryOf(entry))}
      team={teams.get(teamOf(entry))}
      isWhole={isWhole}
    />
  )
  return (
    <ListPage
      path="/admin/audit"
      query={{ ...filter, ...size }}
      cursor={cursor}
      page={list}
      title={t("title")}
      lead={<p className="text-sm text-soft">{t("lead")}</p>}
      searchLabel={t("search")}
      filter={{
        name: "action",
        label: t("filter"),
        value: filter.action ?? "",
        items: [
          { value: "", label: t("all") },
          ...Object.entries(ACTIONS).map(([value, word]) => ({ value, label: t(word) })),
          ...(filter.action && !(filter.action in ACTIONS)
            ? [{ value: filter.action, label: filter.action }]
            : []),
        ],
      }}
      tools={<AuditTools filter={filter} seal={head && <Sealed head={head} now={now} />} />}
      notices={
        <>
          {trouble && <Trouble trouble={trouble} />}
          {isNarrowed && (
            <p className="mb-3 text-sm text-soft">
              {t("narrowed")} <TextLink href="/admin/audit">{t("clear")}</TextLink>
            </p>
          )}
        </>
      }
    >
      {items.length === 0 ? (
        <Empty title={t(isNarrowed ? "noMatch" : "none")}>
          {t(isNarrowed ? "noMatchText" : "noneText")}
        </Empty>
      ) : (
        auditDays(items, { timeZone, folds: isWhole && !filter.q }).map(({ day, runs }) => (
          <section key={day} aria-labelledby={day} className="mb-7">
            <h2 id={day} className="sticky top-0 z-10 border-b border-line bg-paper py-2 text-sm">
              {runs[0] && <DayName at={runs[0].entry.at} timeZone={timeZone} now={now} />}
            </h2>
            <Table
              dense
              isHeadless
              rows={runs}
              columns={[
                {
                  head: t("columnWhen"),
                  className: "w-14 pt-2! align-top whitespace-nowrap text-soft sm:w-20",
                  cell: ({ entry }) => (
                    <LocalTime at={entry.at} form="time" zone={false} now={now} />
                  ),
                },
                {
                  head: t("columnWhat"),
                  className: "wrap-anywhere",
                  cell: (run) => <AuditRunCell run={run} entryOf={entryOf} now={now} />,
                },
              ]}
            />
          </section>
        ))
      )}
    </ListPage>
  )
}, "/admin")

type AuditRunCellProps = {
  run: AuditRun
  entryOf: (entry: ListedEntry) => ReactNode
  now: Date
}

/** An entry, with the other entries of a run folded below it. */
async function AuditRunCell({ run: { entry, repeats }, entryOf, now }: AuditRunCellProps) {
  const t = await getTranslations("admin.audit")
  return (
    <>
      {entryOf(entry)}
      {repeats.length > 0 && (
        <details className="ms-9.5">
          <summary className="w-fit cursor-pointer rounded-md py-1 text-sm text-soft hover:text-ink">
            {t("repeats", { count: repeats.length })}
          </summary>
          <ul>
            {repeats.map((each) => (
              <li key={each.id} className="flex gap-3 border-t border-line py-1.5">
                <span className="w-14 shrink-0 text-soft">
                  <LocalTime at={each.at} form="time" zone={false} now={now} />
                </span>
                <div className="min-w-0 grow">{entryOf(each)}</div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

/** The id of the share that an entry names without a title. */
const untitledShare = ({ action, targetId, details }: ListedEntry) =>
  action.startsWith("share.") && targetId && !details.title ? [targetId] : []

/** The team for which the actor acted. What changes a team's people names it by itself. */
const teamOf = ({ action, details }: ListedEntry) =>
  action.startsWith("member.team_") ? "" : String(details.teamId ?? "")

const deliveryOf = ({ details }: ListedEntry) => String(details.deliveryId ?? "")

async function Trouble({ trouble }: { trouble: HeadTrouble }) {
  const t = await getTranslations("admin.audit")
  return (
    <Notice tone={trouble.kind === "unseen" ? "plain" : "danger"} className="mb-4">
      {trouble.kind === "contradicted" && t("headContradicted", { sequence: trouble.sequence })}
      {trouble.kind === "foreign" && t("headForeign")}
      {trouble.kind === "unseen" && t("headUnseen")}
    </Notice>
  )
}

async function Sealed({ head, now }: { head: SealedHead; now: Date }) {
  const t = await getTranslations("admin.audit")
  return (
    <>
      {t.rich("sealed", {
        sequence: head.sequence,
        at: () => <LocalTime at={head.sealedAt} form="short" now={now} />,
      })}{" "}
      <a
        href="/api/v1/admin/audit/head"
        download="lapse-audit-head.json"
        className="text-accent underline"
      >
        {t("keepHead")}
      </a>
    </>
  )
}
