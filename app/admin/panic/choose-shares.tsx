import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { orOutage } from "#app/or-outage.tsx"
import { ListSearch } from "#components/lists/list-search.tsx"
import { Part } from "#components/pages/section.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { FileKind } from "#components/ui/files/file-kind.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { listMembers } from "#lib/rooms/accounts/list-members.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { findSharedFiles } from "#lib/rooms/shares/list/find-shared-files.ts"
import { listAddress } from "#lib/web/list-address.ts"
import type { PanicQuery } from "./panic-query.ts"
import { TimeRangeForm } from "./time-range-form.tsx"

/** A larger result is narrowed down by the search. */
const MAX_CHOICES = 20

type ChooseProps = { admin: AdminId; query: PanicQuery; problem: string | null }

/** Selects a member, a file or a time range. */
export function ChooseShares({ admin, query, problem }: ChooseProps) {
  if (query.what === "member") return <ChooseMember admin={admin} query={query} />
  if (query.what === "file") return <ChooseFile admin={admin} query={query} />
  if (query.what === "time") {
    return <TimeRangeForm from={query.from ?? ""} to={query.to ?? ""} problem={problem} />
  }
  return null
}

type PickProps = Omit<ChooseProps, "problem">

const ChooseMember = orOutage(async function ChooseMember({ admin, query: { q } }: PickProps) {
  const t = await getTranslations("admin.panic")
  const { items, nextCursor } = await listMembers(admin, { q, limit: MAX_CHOICES })
  return (
    <Part id="pick" title={t("pickMember")}>
      <div className="mb-4">
        <ListSearch
          path="/admin/panic"
          keep={{ what: "member" }}
          label={t("searchMember")}
          q={q ?? ""}
        />
      </div>
      <Choices more={nextCursor !== null}>
        {items.map(({ id, name, email }) => (
          <Choice
            key={id}
            href={listAddress("/admin/panic", { what: "member", ownerId: id })}
            name={name}
            detail={email}
          />
        ))}
      </Choices>
    </Part>
  )
})

const ChooseFile = orOutage(async function ChooseFile({ admin, query: { q, shareId } }: PickProps) {
  const t = await getTranslations("admin.panic")
  const locale = await getLocale()
  const files = await findSharedFiles(admin, { q, shareId })
  return (
    <Part id="pick" title={t("pickFile")}>
      <p className="-mt-1.5 mb-4 text-sm text-soft">{t("fileHint")}</p>
      {shareId && (
        <p className="mt-1 text-soft">
          {t("ofShare")}{" "}
          <LinkButton href="/admin/panic?what=file" variant="text" size="sm">
            {t("allFiles")}
          </LinkButton>
        </p>
      )}
      <div className="mb-4">
        <ListSearch
          path="/admin/panic"
          keep={{ what: "file", shareId }}
          label={t("searchFile")}
          q={q ?? ""}
        />
      </div>
      <Choices more={files.length === MAX_CHOICES}>
        {files.map(({ id, name, path, size, owner, shares }) => (
          <Choice
            key={id}
            href={listAddress("/admin/panic", { what: "file", fileId: id })}
            name={path ? `${path}/${name}` : name}
            detail={t("fileDetail", { owner, size: formatBytes(size, locale), shares })}
            sign={<FileKind name={name} />}
          />
        ))}
      </Choices>
    </Part>
  )
})

async function Choices({ more, children }: { more: boolean; children: ReactNode[] }) {
  const t = await getTranslations("admin.panic")
  if (children.length === 0) return <Empty title={t("noneFound")} />
  return (
    <>
      <ul className="border-b border-line">{children}</ul>
      {more && <p className="mt-3 text-sm text-soft">{t("moreFound")}</p>}
    </>
  )
}

type ChoiceProps = { href: string; name: string; detail: string; sign?: ReactNode }

function Choice({ href, name, detail, sign }: ChoiceProps) {
  return (
    <li className="border-t border-line">
      <Link
        href={href}
        prefetch={false}
        className="flex min-h-14 items-center gap-3.5 py-2.5 text-[0.9375rem] hover:bg-selected"
      >
        {sign}
        <span className="min-w-0 grow">
          <span className="block truncate font-medium" title={name}>
            {name}
          </span>
          <span className="block truncate text-sm text-soft">{detail}</span>
        </span>
      </Link>
    </li>
  )
}
