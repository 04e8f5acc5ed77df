import { getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { Shell } from "#app/(member)/shell.tsx"
import { orOutage } from "#app/or-outage.tsx"
import { SubNav, type SubNavLink } from "#components/nav/sub-nav.tsx"
import { MessagePage } from "#components/pages/message-page.tsx"
import { madeFrom, VERSION } from "#lib/adapters/version.ts"
import { isAdmin, isAuditor } from "#lib/rooms/accounts/member.ts"
import { memberPage } from "#lib/web/sign-in/current-session.ts"

/** Reads the session only to render the shell: each page and each call checks it again. */
export default orOutage(async function AdminLayout({ children }: { children: ReactNode }) {
  const member = await memberPage()
  const t = await getTranslations("common.adminNav")
  const links: SubNavLink[] = [
    { href: "/admin", text: t("overview"), exact: true },
    { href: "/admin/shares", text: t("shares"), place: "group" },
    { href: "/admin/requests", text: t("requests") },
    { href: "/admin/files", text: t("files") },
    { href: "/admin/members", text: t("members"), place: "group" },
    { href: "/admin/teams", text: t("teams") },
    { href: "/admin/audit", text: t("audit") },
    { href: "/admin/settings", text: t("settings"), hasTabs: true, place: "group" },
    { href: "/admin/checks", text: t("checks") },
    ...(isAdmin(member)
      ? [{ href: "/admin/panic", text: t("panic"), place: "emergency" } as const]
      : []),
  ]
  return (
    <Shell member={member} areas={["admin"]}>
      {isAuditor(member) && <SubNav label={t("label")} links={links} />}
      {children}
      {isAuditor(member) && (
        <footer className="mt-11 text-sm text-soft md:absolute md:bottom-5 md:mt-0">
          {t("version", { version: VERSION, commit: madeFrom().commit?.slice(0, 12) ?? "none" })}
        </footer>
      )}
    </Shell>
  )
}, MessagePage)
