import { useTranslations } from "next-intl"
import type { CutOffView } from "#lib/cut-offs/cut-off.ts"
import { endedText, tookText } from "./cut-off-text.ts"

/** Describes the result of a cut off and of its probe in one sentence. */
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
