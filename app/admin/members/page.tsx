import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import { pageOfAuditor, titledForAuditor } from "#app/(member)/page-of.tsx"
import { InviteActions } from "#components/accounts/invite-actions.tsx"
import { InviteList } from "#components/accounts/invite-list.tsx"
import { QuotaBar } from "#components/files/usage.tsx"
import { ListSearch } from "#components/lists/list-search.tsx"
import { ROLE_KEYS } from "#components/role-keys.ts"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import { Table } from "#components/ui/tables/table.tsx"
import { canSendMail, hasPasswords } from "#lib/adapters/configuration.ts"
import { listInvites } from "#lib/rooms/accounts/invites/list-invites.ts"
import { inviteNeedsAddress } from "#lib/rooms/accounts/invites/usable.ts"
import { listMembers, MemberQuery, type MemberSort } from "#lib/rooms/accounts/list-members.ts"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { listTeams } from "#lib/rooms/accounts/teams/list-teams.ts"
import { COUNTED_TO, countOfMembers } from "#lib/rooms/admin/member-counts.ts"
import { listOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { listAddress, readListQuery } from "#lib/web/list-address.ts"
import { InviteDialog } from "./invite-dialog.tsx"
import { MemberMenu } from "./member-menu.tsx"
import { countOf, isNearlyFull, storageOf, usageOf } from "./member-numbers.ts"
import { WithdrawButton } from "./withdraw-button.tsx"

export const generateMetadata = titledForAuditor("admin.members.title")

export default pageOfAuditor(async function MembersPage(
  reader,
  { searchParams }: PageProps<"/admin/members">,
) {
  const { id, auditorId, now } = reader
  const t = await getTranslations("admin.members")
  const locale = await getLocale()
  const { q, cursor, limit, sort = "-created" } = await readListQuery(MemberQuery, searchParams)
  const [list, invites, changes, teams] = await Promise.all([
    listMembers(auditorId, { q, cursor, limit, sort }),
    listInvites(auditorId),
    listOpenChanges(auditorId),
    listTeams(auditorId),
  ])
  const { items } = list
  const counts = await countOfMembers(
    auditorId,
    items.map((member) => member.id),
  )
  const openOf = (member: string) => counts.get(member)?.openShares ?? 0
  const page = (parameters: { q?: string | undefined; sort?: string; cursor?: string | null }) =>
    listAddress("/admin/members", { q, ...(sort === "-created" ? {} : { sort }), ...parameters })
  /** The address and direction for sorting by a column; `first` is the sort of the first click. */
  const sorting = (first: MemberSort) => {
    const other = first.startsWith("-") ? first.slice(1) : `-${first}`
    return {
      sortHref: page({ sort: sort === first ? other : first }),
      sorted:
        sort === first || sort === other
          ? sort.startsWith("-")
            ? ("descending" as const)
            : ("ascending" as const)
          : undefined,
    }
  }
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center gap-3 max-sm:mb-4">
        <div className="flex grow items-baseline gap-2.5">
          <h1 className="text-title">{t("title")}</h1>
          {list.total !== null && (
            <span className="text-lg text-soft">{list.total.toLocaleString(locale)}</span>
          )}
        </div>
        <div className="max-sm:order-last max-sm:w-full">
          <ListSearch
            path="/admin/members"
            label={t("search")}
            q={q ?? ""}
            keep={sort === "-created" ? {} : { sort }}
          />
        </div>
        {isAdmin(reader) && (
          <InviteDialog
            mail={canSendMail()}
            needsAddress={inviteNeedsAddress()}
            teams={teams.map(({ id, name }) => ({ id, name }))}
          />
        )}
      </div>
      <OpenChanges changes={changes} linked={isAdmin(reader)} />

      {items.length === 0 ? (
        <Empty
          title={t("none")}
          action={
            <LinkButton href="/admin/members" variant="quiet" size="sm">
              {t("showAll")}
            </LinkButton>
          }
        >
          {q && t("noneText", { q })}
        </Empty>
      ) : (
        <Table
          rows={items}
          dense
          isOver={({ disabled }) => disabled}
          columns={[
            {
              head: t("columnMember"),
              className: "w-full max-w-0 sm:w-[38%]",
              ...sorting("name"),
              cell: (member) => (
                <>
                  <p className="truncate font-medium">
                    <Link
                      href={`/admin/members/${member.id}`}
                      prefetch={false}
                      className="hover:text-accent"
                    >
                      {member.name}
                    </Link>
                    {member.id === id && (
                      <span className="font-normal text-soft"> · {t("you")}</span>
                    )}
                  </p>
                  <p className="truncate text-sm text-soft">{member.email}</p>
                  <p className="text-sm text-soft sm:hidden">
                    {storageOf(member, t, locale)} ·{" "}
                    {t("openLinks", {
                      count: Math.min(openOf(member.id), COUNTED_TO),
                      more: openOf(member.id) > COUNTED_TO ? "yes" : "no",
                    })}
                  </p>
                </>
              ),
            },
            {
              head: t("columnRole"),
              className: "sm:w-[13%]",
              ...sorting("role"),
              cell: ({ disabled, role }) =>
                disabled || role !== "member" ? (
                  <span className="-ms-1.75">
                    <Badge tone={disabled ? "plain" : "accent"}>
                      {t(disabled ? "disabled" : ROLE_KEYS[role])}
                    </Badge>
                  </span>
                ) : (
                  <span className="text-soft">{t(ROLE_KEYS[role])}</span>
                ),
            },
            {
              head: t("columnLastSignIn"),
              className: "w-[16%] whitespace-nowrap text-soft max-md:hidden",
              ...sorting("-signIn"),
              cell: ({ lastSignInAt }) =>
                lastSignInAt ? (
                  <LocalTime at={lastSignInAt} form="date" now={now} />
                ) : (
                  t("neverSignedIn")
                ),
            },
            {
              head: t("columnStorage"),
              numeric: true,
              className: "w-[19%] text-soft max-sm:hidden",
              ...sorting("-storage"),
              cell: (member) => (
                <>
                  <p className={isNearlyFull(member) ? "font-medium text-warning-ink" : undefined}>
                    {storageOf(member, t, locale)}
                  </p>
                  <div className="pt-1.5 empty:hidden">
                    <QuotaBar usage={usageOf(member)} />
                  </div>
                </>
              ),
            },
            {
              head: t("columnShares"),
              numeric: true,
              className: "w-[14%] text-soft max-sm:hidden",
              cell: (member) => (
                <Link
                  href={listAddress("/admin/shares", { ownerId: member.id, status: "open" })}
                  prefetch={false}
                  className="hover:text-accent hover:underline"
                >
                  {countOf(openOf(member.id), t, locale)}
                </Link>
              ),
            },
            {
              numeric: true,
              cell: (member) =>
                isAdmin(reader) && (
                  <MemberMenu member={member} mail={canSendMail()} passwords={hasPasswords()} />
                ),
            },
          ]}
        />
      )}
      <Pager at={cursor} page={list} href={(at) => page({ cursor: at })} />

      {invites.length > 0 && (
        <section className="mt-13">
          <h2 className="mb-4 text-lg">{t("invitesTitle")}</h2>
          <InviteList
            invites={invites}
            now={now}
            badge={({ role }) => role === "admin" && <Badge tone="accent">{t("roleAdmin")}</Badge>}
            before={({ invitedBy }) => `${t("invitedBy", { name: invitedBy })} · `}
            action={(invite, who) =>
              isAdmin(reader) && (
                <>
                  <InviteActions
                    invite={invite}
                    who={who}
                    at="POST /admin/users/invites/{id}"
                    mail={canSendMail()}
                  />
                  <WithdrawButton id={invite.id} who={who} />
                </>
              )
            }
          />
        </section>
      )}
    </>
  )
}, "/admin")
