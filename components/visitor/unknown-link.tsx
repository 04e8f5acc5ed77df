import { useTranslations } from "next-intl"
import { Ring } from "#components/ui/ring.tsx"
import { VisitorFrame } from "./visitor-frame.tsx"

export function UnknownLink() {
  const t = useTranslations("visitor.unknown")
  return (
    <VisitorFrame>
      <Ring state="over" size={76} />
      <h1 className="mt-6.5 text-title md:text-display">{t("title")}</h1>
      <p className="mt-3 max-w-[46ch] text-note">{t("text")}</p>
    </VisitorFrame>
  )
}
