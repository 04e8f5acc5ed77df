import type { ReactNode } from "react"
import type { ClosedPage, LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import type { RequestPage } from "#lib/rooms/requests/guest/request-page.ts"
import type { Receipt } from "#lib/rooms/requests/request.ts"
import type { MessageKey } from "#visitor/language/compiled-messages.ts"
import { renderPage, useWords } from "#visitor/pages/page-context.ts"
import { Sentence, VisitorMessage } from "#visitor/pages/visitor-message.tsx"
import { documentOf, type RenderContext, TIME_KEYS } from "./document.ts"
import { UnknownLink } from "./link/closed-link.tsx"
import { LockedLink } from "./link/locked-link.tsx"
import { ScheduledLink } from "./link/scheduled-link.tsx"
import { OpenRequest } from "./request/open-request.tsx"
import { ReceiptPage } from "./request/receipt-page.tsx"

/** The messages that islands/request/ shows. */
const KEYS: readonly MessageKey[] = [
  ...TIME_KEYS,
  "visitor.tryAgain",
  "visitor.request.yours",
  "visitor.request.withdraw",
  "visitor.request.remove",
  "visitor.request.pause",
  "visitor.request.resume",
  "visitor.request.keepOpen",
  "visitor.request.arrived",
  "visitor.request.waiting",
  "visitor.request.failed",
  "visitor.request.unfinished",
  "visitor.request.givenUp",
  "visitor.request.done",
  "visitor.request.finishing",
]

/** Renders the page of a request as an HTML document. */
export function renderRequest(page: RequestPage | LinkPage, context: RenderContext): string {
  const title = page.state === "request" ? page.title : titleOf(page, context)
  const data = {
    link: context.address,
    ...("now" in page && { now: page.now.getTime() }),
    ...(page.state === "request" && {
      delivery: page.delivery,
      hashWorker: context.assets.hashWorker,
      words: context.assets.words[context.words.locale],
    }),
  }
  return draw(title, bodyOf(page, context), {
    ...context,
    branding: page.branding,
    island: { script: "request", keys: KEYS, data },
  })
}

/** Renders a receipt. Its script shows the times in the reader's form. */
export const renderReceipt = (
  receipt: Receipt,
  { now, of, ...context }: RenderContext & { now: Date; of: string | null },
): string =>
  draw(receipt.title, <ReceiptPage receipt={receipt} now={now} of={of} />, {
    ...context,
    island: { script: "request", keys: ["common.timeInZone"], data: {} },
  })

function draw(title: string, body: ReactNode, context: RenderContext) {
  const { words, address, previewZone, branding = null } = context
  return documentOf({ title }, context, renderPage({ words, address, previewZone, branding }, body))
}

function titleOf(page: LinkPage, { words: { t } }: RenderContext) {
  switch (page.state) {
    case "unknown":
      return t("visitor.unknown.title")
    case "locked":
      return t("visitor.request.asks", { sender: page.senderName })
    case "scheduled":
      return t("visitor.scheduled.title")
    default:
      return t("visitor.request.closed")
  }
}

function bodyOf(page: RequestPage | LinkPage, { origin }: RenderContext) {
  switch (page.state) {
    case "request":
      return <OpenRequest page={page} origin={origin} />
    case "locked":
      return <LockedLink link={page} />
    case "scheduled":
      return <ScheduledLink link={page} origin={origin} />
    case "revoked":
    case "expired":
    case "used_up":
      return <ClosedRequest page={page} />
    default:
      return <UnknownLink />
  }
}

/** The page of a request that accepts no more files. */
function ClosedRequest({ page: { state, senderName: sender } }: { page: ClosedPage }) {
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
