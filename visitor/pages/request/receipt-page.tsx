import { buttonClass } from "#components/ui/button-class.ts"
import type { Receipt } from "#lib/rooms/requests/request.ts"
import { usePage, useWords } from "#visitor/pages/page-context.ts"
import { StaticTime } from "#visitor/pages/static-time.tsx"
import { Sentence, VisitorMessage } from "#visitor/pages/visitor-message.tsx"

/** `of` is the proof in the link of a mailed receipt, which the links to more files need too. */
type ReceiptPageProps = { receipt: Receipt; now: Date; of: string | null }

/** The receipt of a delivery, which a sender can keep. */
export function ReceiptPage({ receipt, now, of }: ReceiptPageProps) {
  const { t, rich, bytes } = useWords()
  const { address } = usePage()
  const { to: sender, title, doneAt, thanks, files, fileCount, nextCursor } = receipt
  const time = () => doneAt && <StaticTime at={new Date(doneAt)} now={now} />
  return (
    <VisitorMessage title={t(doneAt ? "visitor.request.sent" : "visitor.request.sending")}>
      <Sentence>
        {doneAt
          ? rich("visitor.request.sentText", { sender, title, time })
          : t("visitor.request.notDone")}
      </Sentence>
      {thanks && <p className="mt-3 max-w-[60ch] whitespace-pre-line wrap-anywhere">{thanks}</p>}
      <p className="mt-5 font-semibold">
        {t("visitor.total", { count: fileCount, size: bytes(receipt.bytes) })}
      </p>
      {doneAt && (
        <div data-keep className="needs-script">
          <div className="mt-4 flex flex-wrap gap-3 print:hidden">
            <button type="button" data-print className={buttonClass({ variant: "quiet" })}>
              {t("visitor.request.print")}
            </button>
            <button type="button" data-save className={buttonClass({ variant: "quiet" })}>
              {t("visitor.request.save")}
            </button>
          </div>
        </div>
      )}
      <ul className="files">
        {files.map(({ name, path, size, sha256 }) => (
          <li key={`${path}/${name}`} className="border-t border-line py-3.5">
            <p className="wrap-anywhere">
              <bdi>{path ? `${path}/${name}` : name}</bdi>
            </p>
            <p className="text-sm text-soft">{bytes(size)}</p>
            {sha256 && (
              <p className="mt-1 text-xs text-soft">
                {t("visitor.sha256")}{" "}
                <code className="block font-mono wrap-anywhere text-ink">{sha256}</code>
              </p>
            )}
          </li>
        ))}
      </ul>
      {nextCursor && (
        <p className="pt-5">
          <a
            href={`${address}/receipt?${new URLSearchParams({ ...(of && { of }), cursor: nextCursor })}`}
            rel="next"
            className="button button-quiet button-sm"
          >
            {t("common.moreFiles")}
          </a>
        </p>
      )}
      {!doneAt && (
        <p className="mt-7">
          <a href={address} className={buttonClass({ variant: "quiet" })}>
            {t("visitor.request.back")}
          </a>
        </p>
      )}
    </VisitorMessage>
  )
}
