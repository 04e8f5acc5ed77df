import { useTranslations } from "next-intl"
import type { AskedShare } from "#lib/rooms/questions/question.ts"
import { Badge } from "../ui/badge.tsx"
import { Notice } from "../ui/notice.tsx"
import { TextLink } from "../ui/text-link.tsx"
import { shareName } from "./share-name.ts"

const SHOWN = 5

type AskedSharesProps = {
  shares: AskedShare[]
  /** The path below which the pages of the shares are. */
  path: string
}

/** Lists the links that visitors have asked for again, on any page of the list. */
export function AskedShares({ shares, path }: AskedSharesProps) {
  const t = useTranslations("member.questions")
  const words = useTranslations("member.shares")
  if (shares.length === 0) return null
  const more = shares.length - SHOWN
  return (
    <Notice className="mb-5">
      <p className="font-semibold">{t("asked", { count: shares.length })}</p>
      <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
        {shares.slice(0, SHOWN).map((share) => (
          <li key={share.id} className="min-w-0">
            <TextLink href={`${path}/${share.id}`} className="wrap-anywhere">
              {shareName(share, words)}
            </TextLink>
          </li>
        ))}
        {more > 0 && <li>{t("andMore", { count: more })}</li>}
      </ul>
    </Notice>
  )
}

/** The badge "1 question" of a row. */
export function QuestionBadge({ count = 0 }: { count?: number | undefined }) {
  const t = useTranslations("member.questions")
  return count > 0 ? <Badge tone="accent">{t("mark", { count })}</Badge> : null
}
