import { useLocale, useTranslations } from "next-intl"
import { Fragment, type ReactNode } from "react"
import { FileName } from "#components/ui/files/file-name.tsx"
import { listFormat } from "#lib/adapters/text/intl-formatters.ts"
import { deviceOf, type FileNames, type Receipt } from "#lib/rooms/activity/receipt.ts"

/** The properties of a share that a receipt uses. */
export type ReceiptShare = {
  /** The number of ready files. */
  fileCount: number
  viewOnly: boolean
}

type ReceiptSentenceProps = {
  receipt: Receipt
  share: ReceiptShare
  /** When the visitor came. */
  time: ReactNode
}

/** "Opened on an iPhone at 10:24, downloaded 2 of 3 files; didn’t download plan.pdf." */
export function ReceiptSentence({ receipt, share, time }: ReceiptSentenceProps) {
  const t = useTranslations("member.receipts")
  const clauses = [...usePassword(receipt), ...useLooks(receipt), ...useTaken(receipt, share)]
  const start: ReactNode = <VisitStart receipt={receipt} time={time} />
  const whole = clauses.reduce(
    (before, clause, index) =>
      t.rich(index === 0 ? "firstThen" : "then", { before: () => before, after: () => clause }),
    start,
  )
  return t.rich("ended", { before: () => whole })
}

function VisitStart({ receipt, time }: { receipt: Receipt; time: ReactNode }) {
  const t = useTranslations("member.receipts")
  const { system, tool } = deviceOf(receipt.agent)
  const at = { time: () => time }
  if (tool) return t.rich("fetched", { ...at, tool: () => <bdi>{tool}</bdi> })
  if (receipt.views === 0) return t.rich("seen", { ...at, system: system ?? "other" })
  return t.rich("opened", { ...at, system: system ?? "other", times: receipt.views })
}

function usePassword({ wrongPasswords, unlocked, shutOut, ...receipt }: Receipt): ReactNode[] {
  const t = useTranslations("member.receipts")
  const { taken, lookedAt } = receipt
  if (wrongPasswords === 0) return shutOut ? [t("shutOut")] : []
  if (unlocked) return [t("wrongThenRight", { count: wrongPasswords })]
  const wrong = t("wrong", { count: wrongPasswords })
  const gotIn = taken.count > 0 || lookedAt.count > 0
  return gotIn ? [wrong] : [wrong, t("shutOut")]
}

function useLooks({ lookedAt }: Receipt): ReactNode[] {
  const t = useTranslations("member.receipts")
  if (lookedAt.count === 0) return []
  return [t.rich("lookedAt", { files: () => <Names of={lookedAt} /> })]
}

function useTaken(receipt: Receipt, { fileCount, viewOnly }: ReceiptShare): ReactNode[] {
  const t = useTranslations("member.receipts")
  const { taken, neverTaken, takenGone, refusals, wrongPasswords, unlocked, shutOut } = receipt
  const clauses: ReactNode[] = []
  const counts = { count: taken.count, total: fileCount }
  const isFew = neverTaken.count > 0 && neverTaken.count <= neverTaken.names.length
  if (taken.count > 0) {
    if (fileCount === 1) clauses.push(t.rich("tookOne", { files: () => <Names of={taken} /> }))
    else if (taken.count === fileCount) clauses.push(t("tookAll", { total: fileCount }))
    else if (!receipt.isComplete) clauses.push(t("tookAtLeast", { count: taken.count }))
    else if (!isFew && taken.count <= taken.names.length)
      clauses.push(t.rich("tookNames", { ...counts, files: () => <Names of={taken} /> }))
    else clauses.push(t("tookSome", counts))
    if (isFew) clauses.push(t.rich("never", { files: () => <Names of={neverTaken} /> }))
  }
  if (takenGone > 0) clauses.push(t("tookGone", { count: takenGone }))
  if (refusals > 0) clauses.push(t("refused", { count: refusals }))
  const wentAway = shutOut || (wrongPasswords > 0 && !unlocked)
  const isSilent = viewOnly || !receipt.isComplete || wentAway
  if (clauses.length === 0 && !isSilent) clauses.push(t("tookNothing"))
  return clauses
}

/** The first few names and the number of the others. Each name keeps its own writing direction. */
function Names({ of: { names, count } }: { of: FileNames }) {
  const t = useTranslations("member.receipts")
  const more = count - names.length
  const items = names.map((_, index) => String(index))
  const parts = listFormat(useLocale()).formatToParts(more > 0 ? [...items, "more"] : items)
  return parts.map(({ type, value }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two files may have the same name
    <Fragment key={index}>
      {type === "literal" ? (
        value
      ) : value === "more" ? (
        t("more", { count: more })
      ) : (
        <bdi className="font-medium wrap-anywhere">
          <FileName name={names[Number(value)] ?? ""} />
        </bdi>
      )}
    </Fragment>
  ))
}
