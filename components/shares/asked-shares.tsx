import { useTranslations } from "next-intl"
import type { AskedShare } from "#lib/rooms/questions/question.ts"
import { Badge } from "../ui/badge.tsx"
import { classNames } from "../ui/class-names.ts"
import { TextLink } from "../ui/text-link.tsx"
import { shareName } from "./share-name.ts"

const SHOWN = 3

type AskedSharesProps = {
  shares: AskedShare[]
  /** The path that contains the shares' pages. */
  path: string
  /** Classes for the position on the page. */
  className?: string
}

/** Lists the links that visitors have asked for again. Shown on every page of the list. */
export function AskedShares({ shares, path, className = "mb-2" }: AskedSharesProps) {
  const t = useTranslations("member.questions")
  const words = useTranslations("member.shares")
  if (shares.length === 0) return null
  const more = shares.length - SHOWN
  return (
    <div
      className={classNames(
        "flex items-center gap-x-4 gap-y-1 rounded-[10px] bg-request px-4 py-1 text-sm text-request-ink max-sm:flex-wrap",
        className,
      )}
    >
      <p className="shrink-0 font-semibold">{t("asked", { count: shares.length })}</p>
      <ul className="flex min-w-0 gap-x-5 gap-y-1 max-sm:flex-wrap">
        {shares.slice(0, SHOWN).map((share) => {
          const name = shareName(share, words)
          return (
            <li key={share.id} dir="auto" className="min-w-0 truncate py-0.5" title={name}>
              <TextLink href={`${path}/${share.id}`}>{name}</TextLink>
            </li>
          )
        })}
        {more > 0 && <li className="shrink-0 py-0.5">{t("andMore", { count: more })}</li>}
      </ul>
    </div>
  )
}

/** The badge "1 question" of a row. */
export function QuestionBadge({ count = 0 }: { count?: number | undefined }) {
  const t = useTranslations("member.questions")
  return count > 0 ? <Badge tone="request">{t("mark", { count })}</Badge> : null
}
