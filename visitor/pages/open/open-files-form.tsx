import { buttonClass } from "#components/ui/button-class.ts"
import { useWords } from "#visitor/pages/page-context.ts"

/**
 * Claims a view-only link with a limit, so that its files can be opened without JavaScript. With
 * JavaScript, the first preview claims.
 */
export function OpenFilesForm({ token }: { token: string }) {
  const { t } = useWords()
  return (
    <form method="post" action={`/s/${token}/claim`} className="needs-no-script print:hidden">
      <button type="submit" className={buttonClass({ wide: true })}>
        {t("visitor.openFiles")}
      </button>
    </form>
  )
}
