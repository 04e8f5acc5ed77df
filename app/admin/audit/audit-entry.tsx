import { History } from "lucide-react"
import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { say } from "#lib/adapters/text/sentences.ts"
import type { ListedEntry } from "#lib/rooms/audit/list-audit.ts"
import type { FirstFile } from "#lib/rooms/shares/list/first-files.ts"
import { namedSentence } from "#lib/web/forms/refused-form.ts"
import { auditPage } from "./audit-address.ts"
import { auditKind } from "./audit-kind.ts"
import { AuditSentence } from "./audit-sentence.tsx"

type AuditEntryProps = {
  entry: ListedEntry
  /** The first file of the entry's share, if that has no title. */
  firstFile: FirstFile | undefined
  /** The name of the sender whose delivery the entry refers to, unless it was erased. */
  sender: string | undefined
  /** The name of the team for which the actor acted. */
  team: string | undefined
  /** Whether the entry of an act represents all of its parts. */
  isWhole: boolean
}

/** An audit entry as a sentence, with links to the related pages. */
export function AuditEntry({ entry, firstFile, sender, team, isWhole }: AuditEntryProps) {
  const { actorId, actor, action, details, parts, partsChanged } = entry
  const { Sign, chip, text } = auditKind(action)
  const t = useTranslations("admin.audit")
  return (
    <div className="flex items-start gap-2.5">
      <span
        aria-hidden
        className={classNames("grid size-7 shrink-0 place-items-center rounded-full", chip)}
      >
        <Sign size={14} />
      </span>
      <div className="min-w-0 grow pt-0.5 sm:flex sm:items-baseline sm:justify-between sm:gap-6">
        <div className={classNames("min-w-0", text)}>
          {actorId ? (
            <Link
              href={auditPage({ actorId })}
              prefetch={false}
              title={actor}
              className="font-medium underline-offset-3 hover:underline"
            >
              {nameOf(actor)}
            </Link>
          ) : (
            <span className="font-medium">{actor}</span>
          )}{" "}
          {team && `${t("forTeam", { team })} `}
          <AuditSentence
            entry={entry}
            count={isWhole ? parts + 1 : 1}
            partsChanged={isWhole ? partsChanged : ""}
            firstFile={firstFile}
            sender={sender}
          />
          {typeof details.reason === "string" && details.reason && (
            <p className="text-sm text-soft">
              {action === "session.refuse" ? (
                <WhyRefused reason={details.reason} provider={details.provider} />
              ) : (
                plainName(details.reason)
              )}
            </p>
          )}
        </div>
        <Related entry={entry} isWhole={isWhole} />
      </div>
      <HistoryLink entry={entry} isWhole={isWhole} />
    </div>
  )
}

/** The message that the refused person saw. */
function WhyRefused({ reason, provider }: { reason: string; provider: unknown }) {
  const t = useTranslations("admin.audit")
  const locale = useLocale()
  const key = namedSentence(reason)
  const name = typeof provider === "string" ? plainName(provider) : ""
  return key ? t("quoted", { name: say(key, { provider: name }, locale) }) : plainName(reason)
}

const IN_ROW = "pointer-fine:in-[tr:not(:hover)]:not-focus-visible:opacity-0"

type RelatedProps = Pick<AuditEntryProps, "entry" | "isWhole">

/** The entry of a bulk act on files has a first file as its target, which is not its subject. */
const isOfMany = ({ entry, isWhole }: RelatedProps) =>
  isWhole && entry.parts > 0 && /^file\.|^request\.(receive|withdraw)$/.test(entry.action)

/** A link to all entries of the same target. Without a target, an empty space of the same size. */
function HistoryLink(props: RelatedProps) {
  const t = useTranslations("admin.audit")
  const { targetId } = props.entry
  if (!targetId || isOfMany(props)) return <span className="size-7 shrink-0" />
  return (
    <Link
      href={auditPage({ targetId })}
      prefetch={false}
      aria-label={t("target")}
      title={t("targetTitle")}
      className={classNames(
        "grid size-7 shrink-0 place-items-center rounded-md text-soft hover:bg-selected hover:text-ink",
        IN_ROW,
      )}
    >
      <History aria-hidden size={16} strokeWidth={1.75} className="rtl:-scale-x-100" />
    </Link>
  )
}

function Related({ entry, isWhole }: RelatedProps) {
  const t = useTranslations("admin.audit")
  const { origin, id, parts } = entry
  const { token, tokenId } = entry.details
  const actId = entry.actId ?? (parts > 0 ? id : null)
  if (!origin && !actId && !tokenId) return null
  return (
    <p className="flex shrink-0 flex-wrap gap-x-3 text-sm text-soft sm:justify-end">
      {origin && (
        <span className={origin.startsWith("#") ? `${IN_ROW} pointer-coarse:hidden` : ""}>
          {t("origin", { origin })}
        </span>
      )}
      {typeof token === "string" && typeof tokenId === "string" && (
        <SoftLink href={auditPage({ q: tokenId })} title={t("tokenTitle")}>
          {t("token", { name: plainName(token) })}
        </SoftLink>
      )}
      {actId && (
        <SoftLink href={auditPage({ actId })}>{t(isWhole && parts > 0 ? "parts" : "act")}</SoftLink>
      )}
    </p>
  )
}

type SoftLinkProps = {
  href: string
  title?: string
  children: ReactNode
}

const SoftLink = (link: SoftLinkProps) => (
  <Link prefetch={false} className="underline-offset-3 hover:text-ink hover:underline" {...link} />
)

// "Ada Lovelace <ada@example.org>"
const nameOf = (actor: string) => actor.replace(/ <[^<>]*>$/, "")
