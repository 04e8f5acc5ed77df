import { ArrowLeft } from "lucide-react"
import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import { cache, type ReactNode } from "react"
import { generateMetadata as notFoundMetadata } from "#app/not-found.tsx"
import { metadataOrOutage, orOutage } from "#app/or-outage.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { findMemberById } from "#lib/accounts/find-member-by-id.ts"
import { findSignInWays } from "#lib/accounts/provider/find-sign-in-ways.ts"
import { findMeansOf } from "#lib/accounts/second-factor/find-means-of.ts"
import { listMemberSessions } from "#lib/accounts/sign-in/session.ts"
import { countOfMembers } from "#lib/admin/member-counts.ts"
import { canSendMail, hasPasswords, providerName } from "#lib/configuration.ts"
import { orNotFound } from "#lib/web/or-not-found.ts"
import { adminPage } from "#lib/web/sign-in/current-session.ts"
import { MemberMenu } from "../member-menu.tsx"
import { countOf, storageOf } from "../member-numbers.ts"
import { MemberEnd } from "./member-end.tsx"
import { MemberMeans } from "./member-means.tsx"
import { MemberProfileForm } from "./member-profile-form.tsx"
import { QuotaForm } from "./quota-form.tsx"
import { UnlinkButton } from "./unlink-button.tsx"

type Props = { params: Promise<{ id: string }> }

// Cached because both the title and the page call it.
const findMember = cache(async (id: string) => {
  const admin = await adminPage()
  return admin && orNotFound(findMemberById(admin.adminId, id))
})

export const generateMetadata = metadataOrOutage(async ({ params }: Props) => {
  const member = await findMember((await params).id)
  return member ? { title: member.name } : notFoundMetadata()
})

/**
 * Shows a member to admins: role, storage, shares, sessions, and the actions that end the account.
 */
export default orOutage(async function MemberPage({ params }: Props) {
  const admin = await adminPage()
  if (!admin) return <NotFoundMessage home="/shares" />
  const { adminId, now } = admin
  const member = await findMember((await params).id)
  if (!member) return <NotFoundMessage home="/admin/members" />
  const t = await getTranslations("admin.members")
  const locale = await getLocale()
  const provider = providerName()
  const [sessions, means, counts, ways] = await Promise.all([
    listMemberSessions(adminId, member.id),
    findMeansOf(adminId, member.id),
    countOfMembers(adminId, [member.id]),
    findSignInWays(member.id),
  ])
  const { openShares = 0, shares = 0, files = 0 } = counts.get(member.id) ?? {}
  return (
    <>
      <Link
        href="/admin/members"
        prefetch={false}
        className="mb-6 inline-flex items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-ink"
      >
        <ArrowLeft aria-hidden size={16} className="rtl:-scale-x-100" />
        {t("back")}
      </Link>
      <header className="mb-8 flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h1 className="text-title wrap-anywhere">{member.name}</h1>
          <p className="mt-1 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-soft wrap-anywhere">
            {member.email}
            <Badge tone={member.role === "admin" ? "accent" : "plain"}>
              {t(member.role === "admin" ? "roleAdmin" : "roleMember")}
            </Badge>
            {member.disabled && <Badge tone="danger">{t("disabled")}</Badge>}
          </p>
        </div>
        <MemberMenu member={member} mail={canSendMail()} passwords={hasPasswords()} />
      </header>
      <dl className="grid max-w-160 grid-cols-[max-content_1fr] gap-x-8 gap-y-3">
        <Fact name={t("columnSince")}>
          <LocalTime at={member.createdAt} form="date" now={now} />
        </Fact>
        <Fact name={t("columnLastSignIn")}>
          {member.lastSignInAt ? (
            <LocalTime at={member.lastSignInAt} form="full" now={now} />
          ) : (
            t("neverSignedIn")
          )}
        </Fact>
        {provider !== null && ways.linkedAt && (
          <Fact name={t("columnLinked", { provider })}>
            <LocalTime at={ways.linkedAt} form="date" now={now} />
            <div className="mt-2">
              <UnlinkButton member={member} provider={provider} />
            </div>
          </Fact>
        )}
        <Fact name={t("columnStorage")}>{storageOf(member, t, locale)}</Fact>
        <Fact name={t("files")}>
          <ListLink href={`/admin/files?ownerId=${member.id}`}>
            {countOf(files, t, locale)}
          </ListLink>
        </Fact>
        <Fact name={t("shares")}>
          <ListLink href={`/admin/shares?ownerId=${member.id}`}>
            {t("sharesOpen", {
              shares: countOf(shares, t, locale),
              open: countOf(openShares, t, locale),
            })}
          </ListLink>
        </Fact>
      </dl>
      <Section title={t("profileTitle")}>
        {provider !== null && ways.linkedAt ? (
          <p className="max-w-160 text-soft">
            {t("profileLinked", { name: member.name, provider })}
          </p>
        ) : (
          <MemberProfileForm key={`${member.name} ${member.email}`} member={member} />
        )}
      </Section>
      <Section title={t("quotaTitle")}>
        <QuotaForm id={member.id} quotaBytes={member.quotaBytes} />
      </Section>
      <Section title={t("means.title")}>
        <MemberMeans member={member} means={means} />
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
      {member.id !== admin.id && (
        <Section title={t("endTitle")}>
          <MemberEnd member={member} openShares={openShares} />
        </Section>
      )}
    </>
  )
})

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function ListLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      prefetch={false}
      className="underline decoration-edge underline-offset-3 hover:decoration-current"
    >
      {children}
    </Link>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-9 border-t border-line pt-7">
      <h2 className="mb-5 text-lg font-semibold tracking-[-0.015em]">{title}</h2>
      {children}
    </section>
  )
}
