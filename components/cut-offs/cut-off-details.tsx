import { useTranslations } from "next-intl"
import { Disclosure } from "#components/ui/disclosure.tsx"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { cutOffDetailsText } from "./cut-off-text.ts"

/** How the store carried out a finished cut off, and the statuses of its probe. */
export function CutOffDetails({ cutOff }: { cutOff: CutOffView }) {
  const t = useTranslations("common.cutOff")
  const details = cutOffDetailsText(cutOff, t)
  return (
    details && (
      <Disclosure summary={t("details")}>
        <p className="text-sm text-soft">{details}</p>
      </Disclosure>
    )
  )
}
