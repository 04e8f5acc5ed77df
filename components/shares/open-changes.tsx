import { useTranslations } from "next-intl"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { Progress } from "#components/ui/ring/progress.tsx"
import type { OpenChange } from "#lib/rooms/shares/bulk/open-changes.ts"

type OpenChangesProps = {
  changes: OpenChange[]
  /** Whether an admin's revocation is linked to its page. */
  linked?: boolean
}

/** Shows the progress of changes to many shares until they are done. */
export function OpenChanges({ changes, linked = false }: OpenChangesProps) {
  const t = useTranslations("common.openChanges")
  if (changes.length === 0) return null
  return (
    <div className="my-6 flex max-w-168 flex-col gap-3">
      <RefreshWhile what="cutOff" left />
      {changes.map((change) => (
        <Notice key={change.id}>
          <p role="status">
            <OpenChangeSentence change={change} />
          </p>
          {change.interrupted && <p className="mt-1 text-sm text-soft">{t("goesOn")}</p>}
          <div className="mt-3 flex items-center gap-4">
            <div className="grow">
              <Progress label={t("label")} fraction={change.written / change.total} />
            </div>
            {linked && change.kind === "revokeShares" && (
              <LinkButton
                href={`/admin/panic/${change.id}`}
                variant="text"
                size="sm"
                className="-me-3.25"
              >
                {t("follow")}
              </LinkButton>
            )}
          </div>
        </Notice>
      ))}
    </div>
  )
}

type SentenceProps = { change: Pick<OpenChange, "written" | "total" | "interrupted"> }

/** The progress of a change to many shares in one sentence. */
export function OpenChangeSentence({ change }: SentenceProps) {
  const t = useTranslations("common.openChanges")
  const { written: done, total, interrupted } = change
  const text = t(interrupted ? "revokeInterrupted" : "revoking", { done, total })
  return <strong className="font-semibold">{text}</strong>
}
