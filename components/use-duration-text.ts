import { useTranslations } from "next-intl"

/** Says a time of seconds, in whole minutes where it has them: "15 seconds", "2 minutes". */
export function useDurationText() {
  const t = useTranslations("common")
  return (seconds: number) =>
    seconds % 60 === 0 ? t("minutes", { count: seconds / 60 }) : t("seconds", { count: seconds })
}
