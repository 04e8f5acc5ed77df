import { useTranslations } from "next-intl"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { cutOffText } from "./cut-off-text.ts"

/** Describes the result of a cut off and of its probe. */
export function CutOffSentence({ cutOff }: { cutOff: CutOffView }) {
  const t = useTranslations("common.cutOff")
  return <strong className="font-semibold">{cutOffText(cutOff, t)}</strong>
}
