import { redirect } from "next/navigation"
import { getLocale, getTranslations } from "next-intl/server"
import { cache } from "react"
import { pageOfAuditor } from "#app/(member)/page-of.tsx"
import { metadataOrOutage } from "#app/or-outage.tsx"
import { QuotaBar } from "#components/files/usage.tsx"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { Facts, LinedFact } from "#components/pages/facts.tsx"
import { Section } from "#components/pages/section.tsx"
import { ROLE_KEYS } from "#components/role-keys.ts"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { canSendMail, hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { findMemberById } from "#lib/rooms/accounts/find-member-by-id.ts"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { findSignInWays } from "#lib/rooms/accounts/provider/find-sign-in-ways.ts"
import { findMeansOf } from "#lib/rooms/accounts/second-factor/find-means-of.ts"
import { listMemberSessions } from "#lib/rooms/accounts/sign-in/session.ts"
import { teamNames } from "#lib/rooms/accounts/teams/list-teams.ts"
import { listTokensOf } from "#lib/rooms/accounts/tokens/list-tokens.ts"
import { findLegalHold } from "#lib/rooms/admin/legal-holds.ts"
import { countOfMembers } from "#lib/rooms/admin/member-counts.ts"
import { auditorPage } from "#lib/web/sign-in/current-session.ts"
import { LegalHoldPart } from "../../legal-hold.tsx"
import { MemberMenu } from "../member-menu.tsx"
import { storageOf, usageOf } from "../member-numbers.ts"
import { MemberEnd } from "./member-end.tsx"
import { ProfileForm, QuotaForm } from "./member-forms.tsx"
import { MemberMeans } from "./member-means.tsx"
import { MemberTokens } from "./member-tokens.tsx"
import { UnlinkButton } from "./unlink-button.tsx"

type Props = { params: Promise<{ id: string }> }

// Cached because both the title and the page call it.
const findMember = cache(async (id: string) => {
  const { auditorId } = await auditorPage()
  // The owner of a share, a request or a file may be a team.
  if ((await teamNames(auditorId, [id])).has(id)) redirect(`/admin/teams/${id}`)
  return findMemberById(auditorId, id)
})

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const { name } = await findMember((await params).id)
  return { title: name }
})

/**
 * Shows a member to admins and auditors: role, storage, shares, sessions, and to admins the actions
 * that end the account.
 */
export default pageOfAuditor(async function MemberPage(reader, { params }: Props) {
  const { auditorId, now } = reader
  const readOnly = !isAdmin(reader)
  const member = await findMember((await params).id)
  const t = await getTranslations("admin.members")
  const locale = await getLocale()
  const provider = providerName()
  const [sessions, means, counts, ways, tokens, hold] = await Promise.all([
    listMemberSessions(auditorId, member.id),
    findMeansOf(auditorId, member.id),
    countOfMembers(auditorId, [member.id], Number.MAX_SAFE_INTEGER),
    findSignInWays(member.id),
    listTokensOf(auditorId, member.id),
    findLegalHold(auditorId, member.id),
  ])
  const counted = counts.get(member.id)
  const { openShares = 0, shares = 0, openRequests = 0, requests = 0, files = 0 } = counted ?? {}
  const number = (count: number) => count.toLocaleString(locale)
  return (
    <>
      <DetailHead
        back={{ href: "/admin/members", text: t("back") }}
        title={member.name}
        line={
          <>
            {member.email} {member.disabled && <Badge tone="danger">{t("disabled")}</Badge>}
          </>
        }
        actions={
          readOnly ? (
            <LinkButton href={`/admin/audit?targetId=${member.id}`} variant="quiet" size="sm">
              {t("audit")}
            </LinkButton>
          ) : (
            <MemberMenu member={member} mail={canSendMail()} passwords={hasPasswords()} />
          )
        }
      />
      <Facts>
        <LinedFact name={t("columnStorage")}>
          <div className="flex flex-wrap items-center gap-x-4">
            {storageOf(member, t, locale)}
            <div className="w-40 empty:hidden">
              <QuotaBar usage={usageOf(member)} />
            </div>
          </div>
        </LinedFact>
        <LinedFact name={t("files")}>
          <TextLink href={`/admin/files?ownerId=${member.id}`}>{number(files)}</TextLink>
        </LinedFact>
        <LinedFact name={t("shares")}>
          <TextLink href={`/admin/shares?ownerId=${member.id}`}>
            {t("sharesOpen", {
              shares: number(shares),
              open: number(openShares),
            })}
          </TextLink>
        </LinedFact>
        <LinedFact name={t("requests")}>
          <TextLink href={`/admin/requests?ownerId=${member.id}`}>
            {t("requestsOpen", { requests: number(requests), open: number(openRequests) })}
          </TextLink>
        </LinedFact>
        <LinedFact name={t("columnRole")}>{t(ROLE_KEYS[member.role])}</LinedFact>
        <LinedFact name={t("columnLastSignIn")}>
          {member.lastSignInAt ? (
            <LocalTime at={member.lastSignInAt} form="short" now={now} />
          ) : (
            t("neverSignedIn")
          )}
        </LinedFact>
        <LinedFact name={t("columnSince")}>
          <LocalTime at={member.createdAt} form="date" now={now} />
        </LinedFact>
        {provider !== null && ways.linkedAt && (
          <LinedFact name={t("columnLinked", { provider })}>
            <LocalTime at={ways.linkedAt} form="date" now={now} />
            {!readOnly && (
              <div className="mt-2">
                <UnlinkButton member={member} provider={provider} />
              </div>
            )}
          </LinedFact>
        )}
      </Facts>
      <div className="gap-x-11 lg:grid lg:grid-cols-2">
        {!readOnly && (
          <Section title={t("profileTitle")}>
            {provider !== null && ways.linkedAt ? (
              <p className="max-w-160 text-soft">
                {t("profileLinked", { name: member.name, provider })}
              </p>
            ) : (
              <ProfileForm key={`${member.name} ${member.email}`} member={member} />
            )}
          </Section>
        )}
        {!readOnly && (
          <Section title={t("quotaTitle")}>
            <QuotaForm id={member.id} quotaBytes={member.quotaBytes} />
          </Section>
        )}
        <Section title={t("means.title")}>
          <MemberMeans member={member} means={means} readOnly={readOnly} />
        </Section>
        <Section title={t("sessionsTitle")}>
          {sessions.items.length === 0 ? (
            <p className="text-soft">{t(member.disabled ? "disabledSessions" : "noSessions")}</p>
          ) : (
            <ul className="max-w-160 border-b border-line">
              {sessions.items.map(({ id, agent, createdAt, lastUsedAt }) => (
                <li key={id} className="border-t border-line py-3">
                  <p className="font-medium">{agent ?? t("unknownAgent")}</p>
                  <p className="text-sm text-soft">
                    {t.rich("sessionUsed", {
                      last: () => <RelativeTime at={lastUsedAt} now={now.toISOString()} />,
                      since: () => <LocalTime at={createdAt} form="date" />,
                    })}
                  </p>
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section title={t("tokens.title")}>
          <MemberTokens
            member={member}
            tokens={tokens.items}
            now={now.toISOString()}
            readOnly={readOnly}
          />
        </Section>
      </div>
      {(hold || !readOnly) && (
        <Section title={t("legalHold")}>
          <LegalHoldPart
            of="member"
            id={member.id}
            name={member.name}
            hold={hold}
            readOnly={readOnly}
          />
        </Section>
      )}
      {!readOnly && member.id !== reader.id && (
        <Section title={t("endTitle")}>
          <MemberEnd member={member} counts={{ openShares, shares, openRequests, files }} />
        </Section>
      )}
    </>
  )
}, "/admin/members")
