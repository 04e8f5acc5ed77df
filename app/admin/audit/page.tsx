import type { Metadata } from "next"
import Link from "next/link"
import { getTranslations } from "next-intl/server"
import { generateMetadata as notFoundMetadata } from "#app/not-found.tsx"
import { LocalTime } from "#components/local-time.tsx"
import { NotFoundMessage } from "#components/not-found-message.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Empty } from "#components/ui/empty.tsx"
import { Pager } from "#components/ui/pager.tsx"
import { Table, TableCell, TableHead, TableHeading, TableRow } from "#components/ui/table.tsx"
import { AuditQuery } from "#lib/audit/audit-entry.ts"
import { listAudit } from "#lib/audit/list-audit.ts"
import { readListQuery } from "#lib/web/list-address.ts"
import { adminPage } from "#lib/web/session.ts"
import { AuditSentence } from "./audit-sentence.tsx"

const SUBJECTS = ["share", "member", "invite", "session"] as const

export async function generateMetadata(): Promise<Metadata> {
  const admin = await adminPage()
  if (!admin) return notFoundMetadata()
  const t = await getTranslations("admin.audit")
  return { title: t("title") }
}

export default async function AuditPage({ searchParams }: PageProps<"/admin/audit">) {
  const admin = await adminPage()
  if (!admin) return <NotFoundMessage home="/shares" />
  const t = await getTranslations("admin.audit")
  const query = await readListQuery(AuditQuery, searchParams)
  const { action, actorId, targetId, cursor } = query
  const { items, nextCursor } = await listAudit(query)
  const { now } = admin
  const page = (next: string | null) => href({ action, actorId, targetId, cursor: next })
  const narrowed = targetId !== undefined || actorId !== undefined
  return (
    <>
      <h1 className="text-title">{t("title")}</h1>
      <p className="mt-2 text-soft">{t("lead")}</p>
      <nav aria-label={t("filter")} className="mt-6 mb-7 flex flex-wrap gap-2">
        {[undefined, ...SUBJECTS].map((subject) => {
          const isCurrent = subject === action && !narrowed
          return (
            <Link
              key={subject ?? "all"}
              href={href({ action: subject })}
              prefetch={false}
              aria-current={isCurrent ? "page" : undefined}
              className={classNames(
                "rounded-lg px-3.25 py-1.75 text-sm inset-ring",
                isCurrent
                  ? "bg-wash font-semibold text-accent-deep inset-ring-transparent"
                  : "text-soft inset-ring-line hover:bg-wash hover:text-ink",
              )}
            >
              {t(subject ?? "all")}
            </Link>
          )
        })}
      </nav>
      {narrowed && (
        <p className="mb-5 text-sm text-soft">
          {t("narrowed")}{" "}
          <Link href="/admin/audit" prefetch={false} className="text-accent underline">
            {t("showAll")}
          </Link>
        </p>
      )}

      {items.length === 0 ? (
        <Empty title={t("none")}>{t("noneText")}</Empty>
      ) : (
        <Table>
          <TableHead>
            <TableHeading>{t("columnWhen")}</TableHeading>
            <TableHeading>{t("columnWhat")}</TableHeading>
          </TableHead>
          <tbody>
            {items.map((entry) => (
              <TableRow key={entry.id}>
                <TableCell className="w-44 align-top whitespace-nowrap text-soft max-sm:w-28 max-sm:whitespace-normal">
                  <LocalTime at={entry.at} form="short" now={now} />
                </TableCell>
                <TableCell className="wrap-anywhere">
                  {entry.actorId ? (
                    <Link
                      href={href({ actorId: entry.actorId })}
                      prefetch={false}
                      title={entry.actor}
                      className="font-medium underline-offset-3 hover:underline"
                    >
                      {nameOf(entry.actor)}
                    </Link>
                  ) : (
                    <span className="font-medium">{entry.actor}</span>
                  )}{" "}
                  <AuditSentence action={entry.action} details={entry.details} />
                  {typeof entry.details.reason === "string" && entry.details.reason && (
                    <p className="text-sm text-soft">{entry.details.reason}</p>
                  )}
                </TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
      <Pager
        firstHref={cursor ? page(null) : null}
        nextHref={nextCursor ? page(nextCursor) : null}
      />
    </>
  )
}

type Query = Partial<
  Record<"action" | "actorId" | "targetId" | "cursor", string | null | undefined>
>

function href(query: Query) {
  const set = Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : []))
  return set.length > 0 ? `/admin/audit?${new URLSearchParams(set)}` : "/admin/audit"
}

// "Ada Lovelace <ada@example.org>"
const nameOf = (actor: string) => actor.replace(/ <[^<>]*>$/, "")
