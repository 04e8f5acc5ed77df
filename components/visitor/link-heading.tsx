import { useTranslations } from "next-intl"
import { classNames } from "#components/ui/class-names.ts"
import { FileName } from "#components/ui/file-name.tsx"

/** From whom, and what. */
export function LinkHeading({ sender, name }: { sender: string; name: string }) {
  const t = useTranslations("visitor")
  return (
    <>
      <p className="text-soft wrap-anywhere">{t("sharedWithYou", { sender })}</p>
      <h1
        className={classNames(
          "mt-1.5 wrap-anywhere",
          name.length > 60 ? "text-xl md:text-title" : "text-title md:text-display",
        )}
      >
        <FileName name={name} />
      </h1>
    </>
  )
}
