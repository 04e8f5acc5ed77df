import { CONTROL } from "#components/ui/forms/control-class.ts"
import { useWords } from "#visitor/pages/page-context.ts"

type FileSearchProps = { token: string; q: string; found: number }

/** Searches the file names by a query parameter, so that it works without JavaScript. */
export function FileSearch({ token, q, found }: FileSearchProps) {
  const { t } = useWords()
  return (
    // biome-ignore lint/a11y/useSemanticElements: not every browser supports the search element
    <form
      method="get"
      action={`/s/${token}#files`}
      role="search"
      className="mb-3 space-y-2 print:hidden"
    >
      <div className="flex gap-2">
        <input
          type="search"
          name="q"
          defaultValue={q}
          maxLength={200}
          aria-label={t("visitor.search.label")}
          placeholder={t("visitor.search.label")}
          className={`${CONTROL} h-9 grow text-sm`}
        />
        <button type="submit" className="button button-quiet button-sm">
          {t("visitor.search.button")}
        </button>
      </div>
      {q && (
        <p role="status" className="text-sm text-soft">
          {t("visitor.search.found", { count: found, q })}{" "}
          <a href={`/s/${token}?q=#files`} className="font-semibold text-ink underline">
            {t("visitor.search.all")}
          </a>
        </p>
      )}
    </form>
  )
}
