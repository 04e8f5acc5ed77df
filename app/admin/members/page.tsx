import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { MailState } from "#components/accounts/mail-state.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { OpenChanges } from "#components/shares/open-changes.tsx"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button, LinkButton } from "#components/ui/button.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Input } from "#components/ui/forms/field.tsx"
import { Pager } from "#components/ui/tables/pager.tsx"
import {
  Table,
  TableCell,
  TableHead,
  TableHeading,
  TableRow,
} from "#components/ui/tables/table.tsx"
import { listInvites } from "#lib/accounts/invites/list-invites.ts"
import { inviteNeedsAddress } from "#lib/accounts/invites/usable.ts"
import { listMembers, MemberQuery } from "#lib/accounts/list-members.ts"
import { countOfMembers } from "#lib/admin/member-counts.ts"
import { canSendMail, hasPasswords } from "#lib/configuration.ts"
import { listOpenChanges } from "#lib/shares/bulk/open-changes.ts"
import { listAddress, readListQuery } from "#lib/web/list-address.ts"
import { InviteDialog } from "./invite-dialog.tsx"
import { MemberMenu } from "./member-menu.tsx"
import { countOf, storageOf } from "./member-numbers.ts"
import { WithdrawButton } from "./withdraw-button.tsx"

export const generateMetadata = titledForAdmin("admin.members.title")

export default pageOfAdmin(async function MembersPage(
  { id, adminId, now },
  { searchParams }: PageProps<"/admin/members">,
) {
  const t = await getTranslations("admin.members")
  const locale = await getLocale()
  const { q, cursor, limit } = await readListQuery(MemberQuery, searchParams)
  const [list, invites, changes] = await Promise.all([
    listMembers(adminId, { q, cursor, limit }),
    listInvites(adminId),
    listOpenChanges(adminId),
  ])
  const { items } = list
  const counts = await countOfMembers(
    adminId,
    items.map((member) => member.id),
  )
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <h1 className="text-title">{t("title")}</h1>
        <InviteDialog mail={canSendMail()} needsAddress={inviteNeedsAddress()} />
      </div>
      <OpenChanges changes={changes} linked />
      <search className="mt-6 mb-7">
        <form className="flex max-w-112 gap-2">
          <Input
            name="q"
            type="search"
            aria-label={t("search")}
            placeholder={t("search")}
            defaultValue={q}
            className="min-w-0 grow"
          />
          <Button type="submit" variant="quiet" className="shrink-0">
            {t("searchSubmit")}
          </Button>
        </form>
      </search>

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
        <Table>
          <TableHead>
            <TableHeading>{t("columnMember")}</TableHeading>
            <TableHeading>{t("columnRole")}</TableHeading>
            <TableHeading className="max-md:hidden">{t("columnLastSignIn")}</TableHeading>
            <TableHeading numeric className="max-sm:hidden">
              {t("columnStorage")}
            </TableHeading>
            <TableHeading numeric className="max-sm:hidden">
              {t("columnShares")}
            </TableHeading>
            <TableHeading />
          </TableHead>
          <tbody>
            {items.map((member) => (
              <TableRow key={member.id} over={member.disabled}>
                <TableCell className="max-w-0 w-full sm:w-3/5">
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
                </TableCell>
                <TableCell>
                  {member.disabled ? (
                    <Badge>{t("disabled")}</Badge>
                  ) : (
                    <Badge tone={member.role === "admin" ? "accent" : "plain"}>
                      {t(member.role === "admin" ? "roleAdmin" : "roleMember")}
                    </Badge>
                  )}
                </TableCell>
                <TableCell className="whitespace-nowrap text-soft max-md:hidden">
                  {member.lastSignInAt ? (
                    <LocalTime at={member.lastSignInAt} form="date" now={now} />
                  ) : (
                    t("neverSignedIn")
                  )}
                </TableCell>
                <TableCell numeric className="text-soft max-sm:hidden">
                  {storageOf(member, t, locale)}
                </TableCell>
                <TableCell numeric className="text-soft max-sm:hidden">
                  {countOf(counts.get(member.id)?.openShares ?? 0, t, locale)}
                </TableCell>
                <TableCell numeric>
                  <MemberMenu member={member} mail={canSendMail()} passwords={hasPasswords()} />
                </TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
      <Pager
        at={cursor}
        page={list}
        href={(at) => listAddress("/admin/members", { q, cursor: at })}
      />

      {invites.length > 0 && (
        <section className="mt-13">
          <h2 className="mb-4 text-lg">{t("invitesTitle")}</h2>
          <RefreshWhile
            what="mailing"
            left={invites.filter(({ mail }) => mail?.state === "queued").length}
          />
          <ul>
            {invites.map((invite) => {
              const who = invite.email ?? t("inviteAnyone")
              return (
                <li
                  key={invite.id}
                  className="flex items-center justify-between gap-4 border-t border-line py-3.5"
                >
                  <div className="min-w-0">
                    <p className="truncate">
                      {who}{" "}
                      {invite.role === "admin" && <Badge tone="accent">{t("roleAdmin")}</Badge>}
                    </p>
                    <p className="text-sm text-soft">
                      {t("invitedBy", { name: invite.invitedBy })} · {t("inviteEnds")}{" "}
                      <RelativeTime at={invite.expiresAt} now={now} />
                    </p>
                    {invite.mail && (
                      <p className="text-sm text-soft">
                        <MailState mail={invite.mail} now={now.toISOString()} />
                      </p>
                    )}
                  </div>
                  <WithdrawButton id={invite.id} who={who} />
                </li>
              )
            })}
          </ul>
        </section>
      )}
    </>
  )
}, "/admin")
