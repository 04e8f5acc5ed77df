import Link from "next/link"
import { useTranslations } from "next-intl"
import { useId } from "react"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Input } from "#components/ui/forms/field.tsx"
import { type AuditAddress, auditExport, auditPage } from "./audit-address.ts"

/** Rooms, and one action that the help desk searches for, with their labels. */
const ACTIONS = {
  share: "share",
  file: "file",
  member: "member",
  invite: "invite",
  session: "session",
  "session.refuse": "refused",
} as const

/** Filters the log by the query parameters of the page. Works without JavaScript. */
export function AuditFilterForm({ filter }: { filter: AuditAddress }) {
  const t = useTranslations("admin.audit")
  const { q, since, until, ...kept } = filter
  return (
    <>
      <nav aria-label={t("filter")} className="mt-6 flex flex-wrap gap-2">
        <RoomLink href={auditPage({ ...filter, action: undefined })} isCurrent={!filter.action}>
          {t("all")}
        </RoomLink>
        {Object.entries(ACTIONS).map(([action, word]) => (
          <RoomLink
            key={action}
            href={auditPage({ ...filter, action })}
            isCurrent={action === filter.action}
          >
            {t(word)}
          </RoomLink>
        ))}
      </nav>
      <form
        action="/admin/audit"
        method="get"
        className="mt-4 mb-2 flex flex-wrap items-end gap-x-3 gap-y-2"
      >
        {Object.entries(kept).map(
          ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
        )}
        <Input
          type="search"
          name="q"
          aria-label={t("search")}
          placeholder={t("search")}
          defaultValue={q ?? ""}
          maxLength={200}
          className="h-9! text-sm! sm:w-72!"
        />
        <Day name="since" label={t("since")} value={since} />
        <Day name="until" label={t("until")} value={until} />
        <Button type="submit" variant="quiet" size="sm">
          {t("submit")}
        </Button>
      </form>
      <p className="mb-6 flex flex-wrap gap-x-2 text-sm text-soft">
        <span>{t("export")}</span>
        <a href={auditExport("csv", filter)} download className="text-accent underline">
          {t("csv")}
        </a>
        <a href={auditExport("jsonl", filter)} download className="text-accent underline">
          {t("jsonl")}
        </a>
        <span>{t("daysInUtc")}</span>
      </p>
    </>
  )
}

type DayProps = { name: string; label: string; value: string | null | undefined }

function Day({ name, label, value }: DayProps) {
  const id = useId()
  return (
    <span className="flex items-center gap-2 text-sm">
      <label htmlFor={id} className="text-soft max-sm:w-10">
        {label}
      </label>
      <Input
        id={id}
        type="date"
        name={name}
        min="2000-01-01"
        max="2199-12-31"
        defaultValue={value?.slice(0, 10) ?? ""}
        className="h-9! w-auto! text-sm!"
      />
    </span>
  )
}

type RoomLinkProps = { href: string; isCurrent: boolean; children: string }

const RoomLink = ({ href, isCurrent, children }: RoomLinkProps) => (
  <Link
    href={href}
    prefetch={false}
    aria-current={isCurrent ? "page" : undefined}
    className={classNames(
      "rounded-lg px-3.25 py-1.75 text-sm inset-ring",
      isCurrent
        ? "bg-selected font-semibold inset-ring-transparent"
        : "text-soft inset-ring-line hover:bg-selected hover:text-ink",
    )}
  >
    {children}
  </Link>
)
