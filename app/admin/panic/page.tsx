import { ChevronRight } from "lucide-react"
import Link from "next/link"
import { getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { findMemberById } from "#lib/rooms/accounts/find-member-by-id.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { listOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { requireSharedFile } from "#lib/rooms/shares/list/find-shared-files.ts"
import { findRevoked } from "#lib/rooms/shares/revoke/find-revoked.ts"
import { previewRevocation } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { RevokeSharesInput } from "#lib/rooms/shares/share.ts"
import { type PageQuery, readListQuery } from "#lib/web/list-address.ts"
import { ChooseShares } from "./choose-shares.tsx"
import { DryRun } from "./dry-run.tsx"
import { PanicForm } from "./panic-form.tsx"
import { panicHref } from "./panic-href.ts"
import { PanicQuery, selectionOf, TARGETS } from "./panic-query.ts"
import { Revoked } from "./revoked.tsx"

export const generateMetadata = titledForAdmin("admin.panic.title")

/** Revokes many shares at once: the selection, a dry run, and the form. */
export default pageOfAdmin(async function PanicPage(
  admin,
  { searchParams }: { searchParams: PageQuery },
) {
  const query = await readListQuery(PanicQuery, searchParams)
  const selection = selectionOf(query)
  const t = await getTranslations("admin.panic")
  if (selection.state !== "chosen") {
    const problem = selection.state === "invalid" ? t(selection.problem) : null
    return (
      <>
        <Heading />
        <OpenChanges changes={await listOpenChanges(admin.adminId)} linked />
        {query.what ? <Targets what={query.what} /> : <FirstChoice />}
        <ChooseShares admin={admin.adminId} query={query} problem={problem} />
      </>
    )
  }

  const done = query.acts && (await findRevoked(admin.adminId, query.acts))
  if (done) {
    return (
      <>
        <Heading />
        <div className="mt-7">
          <Revoked result={done} againHref={panicHref(query)} />
        </div>
      </>
    )
  }

  const name = await nameOf(admin.adminId, query)
  const { input } = selection
  const preview = await previewRevocation(admin.adminId, parse(RevokeSharesInput, input))
  const { what = "all", ownerId, fileId, from, to } = query
  const chosen = { what, ownerId, fileId, from, to }
  return (
    <>
      <Heading />
      <OpenChanges changes={await listOpenChanges(admin.adminId)} linked />
      <Targets what={what} />
      <PanicForm
        // A new selection starts with an empty form.
        key={JSON.stringify(input)}
        input={input}
        selection={chosen}
        preview={preview}
      >
        <DryRun
          what={what}
          name={name}
          result={preview}
          times={{ from: input.createdAfter ?? "", to: input.createdBefore ?? "" }}
          now={admin.now.toISOString()}
        />
      </PanicForm>
    </>
  )
}, "/admin/panic")

/** The name of the selected member or file. Refuses `not_found`. */
async function nameOf(admin: AdminId, { what, ownerId, fileId }: PanicQuery): Promise<string> {
  if (what === "member" && ownerId) return (await findMemberById(admin, ownerId)).name
  if (what === "file" && fileId) return (await requireSharedFile(admin, fileId)).name
  return ""
}

async function Heading() {
  const t = await getTranslations("admin.panic")
  return (
    <>
      <h1 className="text-title">{t("title")}</h1>
      <p className="mt-2 text-soft">{t("lead")}</p>
    </>
  )
}

/** The kinds of selection, each with an explanation. */
async function FirstChoice() {
  const t = await getTranslations("admin.panic")
  return (
    <nav aria-label={t("what")} className="mt-7 max-w-168">
      <ul className="border-b border-line">
        {TARGETS.map((target) => (
          <li key={target} className="border-t border-line">
            <Link
              href={`/admin/panic?what=${target}`}
              prefetch={false}
              className="flex items-center gap-4 py-3.5 hover:bg-selected"
            >
              <span className="grow">
                <span className="block font-semibold tracking-[-0.01em]">
                  {t(`targets.${target}`)}
                </span>
                <span className="block text-[0.9375rem] text-soft">
                  {t(`targetHints.${target}`)}
                </span>
              </span>
              <ChevronRight aria-hidden size={18} className="shrink-0 text-soft rtl:-scale-x-100" />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The kinds of selection as tabs, shown once one is selected. */
async function Targets({ what }: { what: PanicQuery["what"] }) {
  const t = await getTranslations("admin.panic")
  return (
    <nav aria-label={t("what")} className="mt-6 mb-8 flex flex-wrap gap-2">
      {TARGETS.map((target) => (
        <LinkButton
          key={target}
          href={`/admin/panic?what=${target}`}
          variant="quiet"
          size="sm"
          aria-current={target === what ? "true" : undefined}
          className={classNames(
            "max-sm:min-h-11",
            target === what && "bg-selected inset-ring-edge!",
          )}
        >
          {t(`targets.${target}`)}
        </LinkButton>
      ))}
    </nav>
  )
}
