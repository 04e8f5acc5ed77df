import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import { TextLink } from "#components/ui/text-link.tsx"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { say } from "#lib/adapters/text/sentences.ts"
import type { ListedEntry } from "#lib/rooms/audit/list-audit.ts"
import type { FirstFile } from "#lib/rooms/shares/list/first-files.ts"
import { namedSentence } from "#lib/web/forms/refused-form.ts"
import { auditPage } from "./audit-address.ts"
import { AuditSentence } from "./audit-sentence.tsx"

type AuditEntryProps = {
  entry: ListedEntry
  /** The first file of the entry's share, if that has no title. */
  firstFile: FirstFile | undefined
  /** Whether the entry of an act stands for all of its parts. */
  isWhole: boolean
}

/** An audit entry as a sentence, with links to the related pages. */
export function AuditEntry({ entry, firstFile, isWhole }: AuditEntryProps) {
  const { actorId, actor, action, details, parts } = entry
  return (
    <>
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
      <AuditSentence entry={entry} count={isWhole ? parts + 1 : 1} firstFile={firstFile} />
      {typeof details.reason === "string" && details.reason && (
        <p className="text-sm text-soft">
          {action === "session.refuse" ? (
            <WhyRefused reason={details.reason} provider={details.provider} />
          ) : (
            plainName(details.reason)
          )}
        </p>
      )}
      <Related entry={entry} isWhole={isWhole} />
    </>
  )
}

/** The sentence that the person read who was refused. */
function WhyRefused({ reason, provider }: { reason: string; provider: unknown }) {
  const t = useTranslations("admin.audit")
  const locale = useLocale()
  const key = namedSentence(reason)
  const name = typeof provider === "string" ? plainName(provider) : ""
  return key ? t("quoted", { name: say(key, { provider: name }, locale) }) : plainName(reason)
}

function Related({ entry, isWhole }: Pick<AuditEntryProps, "entry" | "isWhole">) {
  const t = useTranslations("admin.audit")
  const { origin, targetId, id, parts } = entry
  const actId = entry.actId ?? (parts > 0 ? id : null)
  const isOfMany = isWhole && parts > 0 && entry.action.startsWith("file.")
  if (!origin && !targetId && !actId) return null
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-soft">
      {origin && (
        <TextLink href={auditPage({ origin })} title={t("originTitle")}>
          {t("origin", { origin })}
        </TextLink>
      )}
      {targetId && !isOfMany && (
        <TextLink href={auditPage({ targetId })} title={t("targetTitle")}>
          {t("target")}
        </TextLink>
      )}
      {actId && (
        <TextLink href={auditPage({ actId })}>{t(isWhole && parts > 0 ? "parts" : "act")}</TextLink>
      )}
    </p>
  )
}

// "Ada Lovelace <ada@example.org>"
const nameOf = (actor: string) => actor.replace(/ <[^<>]*>$/, "")
