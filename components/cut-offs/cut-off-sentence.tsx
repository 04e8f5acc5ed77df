import { useTranslations } from "next-intl"
import type { CutOffView } from "#lib/cut-offs/cut-off.ts"
import { endedText, tookText } from "./cut-off-text.ts"

/** What a cut off did and what its probe saw, in one sentence. */
export function CutOffSentence({ cutOff }: { cutOff: CutOffView }) {
  const t = useTranslations("common.cutOff")
  if (cutOff.state !== "done") {
    return <strong className="font-semibold">{t(cutOff.state)}</strong>
  }
  return (
    <>
      <strong className="font-semibold">{t("head", { time: tookText(cutOff, t) })}</strong>{" "}
      {endedText(cutOff, t)}
    </>
  )
}
