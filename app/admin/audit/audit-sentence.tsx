import { type Locale, type Messages, useLocale, useMessages, useTranslations } from "next-intl"
import { agentText } from "#components/shares/activity/agent-text.ts"
import { shareName } from "#components/shares/share-name.ts"
import { anyReader, formatTime } from "#components/time/format-time.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { listFormat } from "#lib/adapters/text/intl-formatters.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AuditEntryView } from "#lib/rooms/audit/audit-entry.ts"
import type { FirstFile } from "#lib/rooms/shares/list/first-files.ts"

/** Entries of earlier versions keep their old action names. */
const RENAMED: Record<string, string> = { "policy.change": "setting.change" }

type AuditSentenceProps = {
  entry: AuditEntryView
  /** The number of files that the entry of a file represents. */
  count: number
  /** The conditions that the parts of the entry changed, separated by spaces. */
  partsChanged: string
  firstFile: FirstFile | undefined
  sender: string | undefined
}

/**
 * Renders an audit entry as a sentence without its subject: the actor's name precedes it. The
 * details are the arguments of the message, by name.
 */
export function AuditSentence({
  entry,
  count,
  partsChanged,
  firstFile,
  sender,
}: AuditSentenceProps) {
  const { action, details } = entry
  const t = useTranslations("admin.audit")
  const shares = useTranslations("member.shares")
  const common = useTranslations("common")
  const locale = useLocale()
  const conditions = useMessages().admin.audit.conditions
  const key = `actions.${RENAMED[action] ?? action}`
  // A room may record an action that has no message yet.
  if (!isAction(key, t)) return <code className="text-sm">{action}</code>
  const text = (name: string) => textOf(details[name])
  const agent = text("agent")
  const quoted = (name: string | null) => name && t("quoted", { name })
  return t(key, {
    added: 0,
    adopted: 0,
    agent: "none",
    app: "palmr",
    disabled: 0,
    entries: 0,
    failures: 1,
    files: 0,
    now: 0,
    was: "unknown",
    how: "nothing_out",
    links: 1,
    members: 0,
    objects: 0,
    provider: t("provider"),
    questions: 1,
    removed: 0,
    revoked: 0,
    role: "member",
    sessions: 1,
    shares: 1,
    tokens: 1,
    uploads: 0,
    ...Object.fromEntries(Object.entries(details).flatMap(shown)),
    ...(agent && { agent: agentText(agent, common) }),
    account: accountOf(details),
    before:
      key === "actions.setting.change"
        ? inWords(details.before, t)
        : (quoted(text("before")) ?? "?"),
    setting: text("setting") ?? text("policy") ?? "",
    value: inWords(details.value, t),
    count,
    changed:
      listOf(`${text("changed") ?? ""} ${partsChanged}`.split(" "), conditions, locale) ||
      t("something"),
    email: text("email") ?? t("anyone"),
    folder: quoted(text("folder")) ?? "none",
    manager: String(details.manager === true),
    member: text("member") ?? t("someone"),
    name: quoted(text("name")) ?? t("unnamed"),
    sender: sender ?? "none",
    share: quoted(text("title") ?? namedBy(firstFile, shares)) ?? t("untitled"),
    size: typeof details.size === "number" ? formatBytes(details.size, locale) : "none",
    takenAt: text("takenAt") ?? "unknown",
    who: text("who") ?? "?",
    to: dayOrName(text("to"), locale) ?? t("someone"),
  })
}

/** Whose sign-in was refused, and how they signed in. */
function accountOf({ more, member, who, provider }: AuditEntryView["details"]) {
  if (more === true) return "more"
  if (member) return "member"
  if (who) return "person"
  return provider ? "provider" : "none"
}

function shown([name, value]: [string, unknown]): [string, string | number][] {
  if (typeof value === "number") return [[name, value]]
  const text = textOf(value)
  return text ? [[name, text]] : []
}

const textOf = (value: unknown) => (typeof value === "string" && value ? plainName(value) : null)

function namedBy(firstFile: FirstFile | undefined, words: Parameters<typeof shareName>[1]) {
  if (!firstFile) return null
  const { name, fileCount } = firstFile
  return plainName(shareName({ title: "", name, fileCount }, words))
}

type Translate = ReturnType<typeof useTranslations<"admin.audit">>
type Action = Extract<Parameters<Translate>[0], `actions.${string}`>
type Conditions = Messages["admin"]["audit"]["conditions"]

const isAction = (key: string, t: Translate): key is Action => t.has(key as Action)

/** Formats the value of a setting. */
function inWords(value: unknown, t: Translate): string {
  if (value === null || value === "") return t("noValue")
  if (typeof value === "boolean") return t(value ? "on" : "off")
  return plainName(String(value))
}

/** Formats an instant as its day; other text stays as it is. */
const dayOrName = (text: string | null, locale: Locale) =>
  text && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)
    ? formatTime(new Date(text), "date", anyReader(locale), null)
    : text

/** Lists the conditions with these names in words, in the order of the messages. */
function listOf(names: string[], conditions: Conditions, locale: Locale) {
  const words = Object.entries(conditions).flatMap(([name, word]) =>
    names.includes(name) ? [word] : [],
  )
  return words.length > 0 && listFormat(locale, { type: "conjunction" }).format(words)
}
