import type { ClosedPage } from "#lib/rooms/claims/open/link-page.ts"
import { useWords } from "#visitor/pages/page-context.ts"
import { Sentence, VisitorMessage } from "#visitor/pages/visitor-message.tsx"

/** The page of a request that accepts no more files. */
export function ClosedRequest({ page: { state, senderName: sender } }: { page: ClosedPage }) {
  const { t } = useWords()
  return (
    <VisitorMessage
      ring={state === "revoked" ? "revoked" : "over"}
      title={t("visitor.request.closed")}
    >
      <Sentence>{t("visitor.request.closedText", { sender })}</Sentence>
    </VisitorMessage>
  )
}
