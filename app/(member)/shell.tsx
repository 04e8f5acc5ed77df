import { getLocale, getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { orOutage } from "#app/or-outage.tsx"
import { ConfirmHost } from "#components/accounts/confirm/confirm-host.tsx"
import { OwnerChange } from "#components/accounts/teams/owner-change.tsx"
import { UploadHost } from "#components/drops/upload-host.tsx"
import { OwnFiles } from "#components/files/own-files.tsx"
import { Messages } from "#components/messages.tsx"
import { HomeLink, NavLink } from "#components/nav/nav-link.tsx"
import { OwnerSwitch } from "#components/nav/owner-switch.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { OfflineNotice } from "#components/pages/offline-notice.tsx"
import { SearchButton } from "#components/search/search-button.tsx"
import { SearchProvider } from "#components/search/search-provider.tsx"
import { settingLinks } from "#components/search/setting-links.ts"
import { Notice } from "#components/ui/notice.tsx"
import { ToastProvider } from "#components/ui/overlays/toast.tsx"
import { hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { say } from "#lib/adapters/text/sentences.ts"
import type { MemberId, OwnerId, SessionMember } from "#lib/rooms/accounts/member.ts"
import { hasPasskeys } from "#lib/rooms/accounts/passkeys/list-passkeys.ts"
import { findSignInWays } from "#lib/rooms/accounts/provider/find-sign-in-ways.ts"
import { listOwnTeams } from "#lib/rooms/accounts/teams/list-teams.ts"
import { ownScripts } from "#lib/rooms/files/reads/own-scripts.ts"
import { hasRequests } from "#lib/rooms/requests/read-requests.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import type { MessageArea } from "#lib/web/intl-request-config.ts"
import { SignInAgainHost } from "./sign-in-again-host.tsx"
import { SignOutButton } from "./sign-out-button.tsx"

type ShellProps = {
  member: Pick<SessionMember, "id" | "name" | "email" | "role">
  /** The messages that pages need in addition to the common ones. */
  areas?: MessageArea[]
  children: ReactNode
}

/**
 * The frame of a member's pages: the navigation is at the side, or on a phone at the bottom. It stays
 * when the member goes to a team's pages, so it is the same for all owners.
 */
export const Shell = orOutage(async function Shell({ member, areas = [], children }: ShellProps) {
  const t = await getTranslations("common.nav")
  const isAdmin = member.role === "admin"
  const [ways, teams, { maxShareDays, requests: canAsk }, settings, scripts] = await Promise.all([
    waysOf(member.id),
    listOwnTeams(member.id),
    readSettings(),
    isAdmin ? settingLinks() : [],
    getLocale().then(ownScripts),
  ])
  const owners = [member.id, ...teams.map(({ id }) => id)] as OwnerId[] // for these the member acts
  const requests = canAsk ? "make" : (await hasRequests(owners)) ? "see" : null
  const scope = { isAdmin, maxShareDays, requests, settings } as const
  return (
    <Messages areas={["common", "member", "accounts", ...areas]}>
      <ToastProvider>
        <SearchProvider {...scope}>
          <a
            href="#content"
            className="sr-only z-60 rounded-lg bg-raised px-4 py-2 focus:not-sr-only focus:fixed focus:top-3 focus:start-3"
          >
            {t("skip")}
          </a>
          <div className="md:grid md:min-h-dvh md:grid-cols-[13.25rem_minmax(0,1fr)] print:block">
            <header className="max-md:contents md:border-e md:border-line print:hidden">
              <div className="flex items-center justify-between px-5 pt-4 md:hidden">
                <HomeLink />
                <OwnerSwitch name={member.name} teams={teams} className="mx-3 grow sm:max-w-60" />
                <SearchButton />
              </div>
              <div className="max-md:contents md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:px-4.5 md:py-6">
                <div className="px-2.5 pb-5.5 max-md:hidden">
                  <HomeLink />
                </div>
                <div className="max-md:hidden">
                  <OwnerSwitch name={member.name} teams={teams} className="mb-2.5" />
                  <SearchButton withKeys />
                </div>
                <nav
                  aria-label={t("label")}
                  className="fixed inset-x-0 bottom-0 z-30 flex justify-around border-t border-line bg-paper pb-[env(safe-area-inset-bottom)] md:static md:grow md:flex-col md:justify-start md:gap-1 md:border-0 md:bg-transparent md:pb-0"
                >
                  <NavLink of="owner" href="/shares" icon="shares" text={t("shares")} />
                  <NavLink of="owner" href="/files" icon="files" text={t("files")} />
                  {requests && (
                    <NavLink of="owner" href="/requests" icon="requests" text={t("requests")} />
                  )}
                  <NavLink of="team" href="/settings" icon="team" text={t("team")} />
                  <span className="grow max-md:hidden" />
                  {member.role !== "member" && (
                    <NavLink href="/admin" icon="admin" text={t("admin")} />
                  )}
                  <NavLink
                    of="person"
                    href="/settings"
                    icon="account"
                    text={t("account")}
                    shortText={t("accountShort")}
                  />
                </nav>
                <div className="mt-3 border-t border-line px-2.5 pt-3.5 max-md:hidden">
                  <p className="truncate text-sm" title={member.email}>
                    {member.name}
                  </p>
                  <SignOutButton />
                </div>
              </div>
            </header>
            <main
              id="content"
              tabIndex={-1}
              className="mx-auto w-full max-w-280 px-5 has-data-wide:max-w-none pt-6 pb-28 outline-hidden md:relative md:mx-0 md:px-11 md:pt-9 md:pb-15"
            >
              <OfflineNotice />
              <noscript>
                <Notice className="mb-6">{say("needs_script", {}, await getLocale())}</Notice>
              </noscript>
              <OwnerChange name={member.name} teams={teams}>
                <OwnFiles scripts={scripts}>{children}</OwnFiles>
              </OwnerChange>
            </main>
          </div>
          <UploadHost
            member={{ id: member.id, name: member.name }}
            teams={teams}
            pdf={scripts?.viewer.pdf}
          />
          <ConfirmHost />
          <SignInAgainHost email={member.email} {...ways} />
        </SearchProvider>
      </ToastProvider>
    </Messages>
  )
}, MessagePage)

/** How the member can sign in again in a dialog. */
async function waysOf(id: MemberId) {
  const provider = providerName()
  const password = provider === null || (await findSignInWays(id)).password
  return { provider, password, passkeys: hasPasswords() && (await hasPasskeys()) }
}
