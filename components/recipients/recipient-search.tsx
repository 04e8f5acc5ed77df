import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import { Input } from "#components/ui/forms/field.tsx"

/** Searches the recipients of a share, by a plain form. */
export function RecipientSearch({ path, who }: { path: string; who: string }) {
  const t = useTranslations("member")
  return (
    <form action={`${path}#recipients`} method="get" className="flex gap-2">
      <Input
        type="search"
        name="who"
        aria-label={t("recipients.search")}
        placeholder={t("search")}
        defaultValue={who}
        maxLength={200}
        className="h-9! text-sm! sm:w-56"
      />
      <Button type="submit" variant="quiet" size="sm">
        {t("recipients.find")}
      </Button>
    </form>
  )
}
