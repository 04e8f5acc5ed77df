"use client"

import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { addressOf, namesOfList } from "#lib/rooms/accounts/invites/addresses-of-list.ts"

const SHOWN = 4

type KnownRecipientsProps = {
  /** The text of the field. */
  typed: string
  /** Called with the text of the field and the recipient whom the member chose. */
  onAdd: (typed: string) => void
}

/** Recipients of earlier links that match the last one that is being typed, to add with a click. */
export function KnownRecipients({ typed, onAdd }: KnownRecipientsProps) {
  const t = useTranslations("member.recipients")
  const [known, setKnown] = useState<string[]>([])
  useEffect(() => {
    // The suggestions are optional: an address can be typed without them.
    ask("GET /recipients", {}).then(
      ({ items }) => setKnown(items),
      () => {},
    )
  }, [])
  const [before, last] = splitLast(typed)
  const entered = typed.toLowerCase()
  const matching = known
    .filter((each) => !entered.includes(addressOf(each)))
    .filter((each) => each.toLowerCase().includes(last.trim().toLowerCase()))
    .slice(0, SHOWN)
  if (matching.length === 0) return null
  return (
    <ul aria-label={t("known")} className="mt-2 flex flex-wrap gap-1.5">
      {matching.map((each) => (
        <li key={each} className="max-w-full min-w-0">
          <button
            type="button"
            title={addressOf(each)}
            className="block max-w-full truncate rounded-full bg-selected px-3 py-1 text-sm pointer-coarse:py-2 hover:inset-ring hover:inset-ring-edge"
            onClick={() => onAdd(`${before}${each}\n`)}
          >
            <span aria-hidden>+ </span>
            <bdi>{namesOfList(each).get(addressOf(each)) ?? addressOf(each)}</bdi>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Splits the text before the recipient that is being typed. */
function splitLast(typed: string): [string, string] {
  const end = Math.max(...["\n", ",", ";"].map((separator) => typed.lastIndexOf(separator))) + 1
  return [typed.slice(0, end), typed.slice(end)]
}
