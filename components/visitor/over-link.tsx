import { useTranslations } from "next-intl"
import { LocalTime } from "#components/local-time.tsx"
import { Ring } from "#components/ui/ring.tsx"
import type { LinkPage } from "#lib/claims/link-page.ts"
import { VisitorFrame } from "./visitor-frame.tsx"

type Over = Extract<LinkPage, { state: "revoked" | "expired" | "used_up" }>

/** Why a link no longer opens, and what to do about it. */
export function OverLink({ link }: { link: Over }) {
  const t = useTranslations("visitor")
  const { state, senderName: sender, title: what, at } = link
  const time = () => at && <LocalTime at={at} />
  return (
    <VisitorFrame>
      <Ring state={state === "revoked" ? "revoked" : "over"} size={76} />
      <h1 className="mt-6.5 text-title md:text-display">{t(`${state}.title`)}</h1>
      <p className="mt-3 max-w-[46ch] text-note wrap-anywhere">
        {what
          ? t.rich(`${state}.text`, { sender, what, time })
          : t.rich(`${state}.textUntitled`, { sender, time })}
      </p>
      <p className="mt-3 max-w-[46ch] text-note wrap-anywhere">{t("ask", { sender })}</p>
    </VisitorFrame>
  )
}
