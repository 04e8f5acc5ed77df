import { useTranslations } from "next-intl"
import type { AuditEntryView } from "#lib/audit/audit-entry.ts"
import { plainName } from "#lib/plain-text.ts"

const KNOWN_ACTIONS = [
  "member.first",
  "member.disable",
  "member.enable",
  "member.role",
  "member.quota",
  "member.name",
  "member.password",
  "member.transfer",
  "session.end",
  "session.end_all",
  "invite.create",
  "invite.withdraw",
  "invite.accept",
  "share.revoke",
  "share.restore",
  "installation.restore",
] as const

/** An audit entry as a sentence without its subject: the actor's name precedes it. */
export function AuditSentence({ action, details }: Pick<AuditEntryView, "action" | "details">) {
  const t = useTranslations("admin.audit")
  const known = KNOWN_ACTIONS.find((one) => one === action)
  // A room may record an action that has no sentence yet.
  if (!known) return <code className="text-sm">{action}</code>
  const title = text(details.title)
  return t(`actions.${known}`, {
    member: text(details.member) ?? t("someone"),
    email: text(details.email) ?? t("anyone"),
    role: text(details.role) ?? "member",
    before: text(details.before) ?? "?",
    takenAt: text(details.takenAt) ?? "unknown",
    sessions: number(details.sessions) ?? 1,
    shares: number(details.shares) ?? 1,
    files: number(details.files) ?? 0,
    to: text(details.to) ?? t("someone"),
    share: title ? t("titled", { title }) : t("untitled"),
  })
}

const text = (value: unknown) => (typeof value === "string" && value ? plainName(value) : null)

const number = (value: unknown) => (typeof value === "number" ? value : null)
