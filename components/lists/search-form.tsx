import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Input } from "#components/ui/forms/field.tsx"

type SearchFormProps = {
  path: string
  label: string
  q: string | undefined
  /** Other query parameters to keep. */
  keep?: Record<string, string>
  className: string
}

/** Searches a list by the query parameters of its page, with a button. */
export function SearchForm({ path, label, q, keep = {}, className }: SearchFormProps) {
  const t = useTranslations("member")
  return (
    <search className={classNames("block", className)}>
      <form action={path} className="flex max-w-112 gap-2">
        {Object.entries(keep).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Input
          name="q"
          type="search"
          aria-label={label}
          placeholder={label}
          defaultValue={q}
          className="h-9! min-w-0 grow text-ellipsis sm:text-sm!"
        />
        <Button type="submit" variant="quiet" size="sm" className="shrink-0">
          {t("search")}
        </Button>
      </form>
    </search>
  )
}
