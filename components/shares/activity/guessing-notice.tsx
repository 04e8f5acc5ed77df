import { useTranslations } from "next-intl"
import { Notice } from "#components/ui/notice.tsx"
import type { Guesses } from "#lib/adapters/throttle/guess-counts.ts"

/** The warning needs this many wrong passwords or codes. Fewer are probably a recipient's mistakes. */
const MIN_SHOWN = 5

/** Warns that someone is guessing a share's password or a recipient's code. */
export function GuessingNotice({ guesses, addresses }: Guesses) {
  const t = useTranslations("member.guessing")
  if (guesses < MIN_SHOWN) return null
  return (
    <Notice tone="danger" className="mb-8">
      <p>
        <strong>{t("title")}</strong> {t("text", { guesses, addresses })}
      </p>
      <p className="mt-1 text-sm">{t("advice")}</p>
    </Notice>
  )
}
