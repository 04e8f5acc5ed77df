import type { ReactNode } from "react"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import type { Listing } from "#lib/rooms/claims/open/open-link.ts"
import type { MessageKey } from "#visitor/language/compiled-messages.ts"
import type { Words } from "#visitor/language/page-words.ts"
import { zipWorkerUrl } from "../assets.ts"
import { letterOf } from "../islands/following/file-letter.ts"
import { Unsent } from "./ask-form.tsx"
import { documentOf, type Head, type RenderContext, TIME_KEYS } from "./document.ts"
import { ClosedLink, UnknownLink } from "./link/closed-link.tsx"
import { LockedLink } from "./link/locked-link.tsx"
import { openShareName } from "./link/open-share-name.ts"
import { OpenedLink } from "./link/opened-link.tsx"
import { ScheduledLink } from "./link/scheduled-link.tsx"
import { renderPage } from "./page-context.ts"
import { Sentence, VisitorMessage } from "./visitor-message.tsx"

/** The messages that islands/visit.ts shows. */
const VISIT_KEYS: readonly MessageKey[] = [
  ...TIME_KEYS,
  "common.copy",
  "common.copied",
  "visitor.downloadsLeft",
  "visitor.looksLeft",
  "visitor.started.plain",
  "visitor.started.left",
  "visitor.started.again",
  "visitor.resumable.offer",
  "visitor.resumable.offerNamed",
  "visitor.resumable.needsHttps",
]
/** The messages that islands/closed.ts shows. */
const CLOSED_KEYS: readonly MessageKey[] = ["common.timeInZone"]

/** Renders the page of a link as an HTML document. */
export function renderLink(
  token: string,
  page: LinkPage,
  listing: Listing | undefined,
  context: RenderContext,
): string {
  return renderDocument(headOf(page, context.words), linkBody(token, page, listing, context), {
    ...context,
    branding: page.branding,
    ...(page.state === "open" || page.state === "scheduled" || page.state === "locked"
      ? { island: { script: "visit", keys: VISIT_KEYS, data: visitData(token, page, context) } }
      : page.state === "unknown"
        ? {}
        : {
            island: { script: "closed", keys: CLOSED_KEYS, data: visitData(token, page, context) },
          }),
  })
}

/** Renders the page of a link without scripts, as its owner previews it. */
export const renderLinkPreview = (page: LinkPage, context: RenderContext): string =>
  renderDocument(headOf(page, context.words), linkBody("", page, undefined, context), {
    ...context,
    branding: page.branding,
  })

export type Message = {
  title: string
  text?: string | undefined
  /** The address of the link that the message is about. */
  back?: string | undefined
  /** Whether the same request may succeed soon. */
  isPassing?: boolean
  /** A visitor's note that could not be sent. */
  unsent?: { token: string; note: string }
}

/** Renders an HTML document with a short message. */
export function renderMessage(
  { title, text, back, isPassing, unsent }: Message,
  context: RenderContext,
): string {
  const body = (
    <VisitorMessage title={title}>
      {text && <Sentence>{text}</Sentence>}
      {unsent && <Unsent {...unsent} />}
      {back && (
        <p className="mt-7">
          <a href={back} className="button button-quiet button-md">
            {context.words.t(isPassing ? "visitor.tryAgain" : "visitor.backToLink")}
          </a>
        </p>
      )}
    </VisitorMessage>
  )
  const branding = back || unsent ? context.branding : undefined
  return renderDocument({ title }, body, { ...context, branding })
}

function renderDocument(head: Head, body: ReactNode, context: RenderContext) {
  const { words, address, previewZone, branding = null } = context
  const page = { words, address, previewZone, branding }
  return documentOf(head, context, renderPage(page, body))
}

function linkBody(
  token: string,
  page: LinkPage,
  listing: Listing | undefined,
  { isBot, origin }: RenderContext,
) {
  switch (page.state) {
    case "open":
      return <OpenedLink token={token} link={page} listing={listing} isBot={isBot} />
    case "locked":
      return <LockedLink link={page} />
    case "scheduled":
      return <ScheduledLink link={page} origin={origin} />
    case "unknown":
      return <UnknownLink />
    default:
      return <ClosedLink token={token} link={page} />
  }
}

/** The data that the page's script needs to follow the link. */
function visitData(
  token: string,
  page: Extract<LinkPage, { now: Date }>,
  { assets, words, storeOrigin }: RenderContext,
) {
  const isOpen = page.state === "open"
  return {
    token,
    now: page.now.getTime(),
    state: page.state,
    ...(isOpen && {
      expiresAt: page.expiresAt?.getTime() ?? null,
      isLimited: page.downloadsLeft !== null,
    }),
    ...(isOpen && { files: page.files.map(letterOf).join(""), counts: page.counts }),
    ...(isOpen && {
      words: assets.words[words.locale],
      canPreview: page.canPreview,
      viewOnly: page.viewOnly,
      watermark: page.watermark,
      needsClaim: page.needsClaim,
      downloadWorker: assets.downloadWorker,
      zipWorker: zipWorkerUrl(assets, storeOrigin),
    }),
    ...(isOpen && page.canPreview && { viewer: assets.viewer }),
    ...(isOpen &&
      page.watermark && { sender: page.senderName, recipient: page.recipient ?? undefined }),
  }
}

/**
 * The metadata for link previews: for a locked share only its sender, for one without files nothing.
 */
function headOf(page: LinkPage, { t, locale }: Words): Head {
  switch (page.state) {
    case "open": {
      const { senderName: sender, counts } = page
      const count = counts.ready + counts.arriving
      const size = formatBytes(counts.readyBytes + counts.arrivingBytes, locale)
      return {
        title: openShareName(page, t),
        description: t("visitor.preview.openText", { sender, count, size }),
      }
    }
    case "locked":
      return {
        title: t("visitor.preview.locked", { sender: page.senderName }),
        description: t("visitor.preview.lockedText"),
      }
    case "scheduled":
      return {
        title: page.title || t("visitor.preview.locked", { sender: page.senderName }),
        description: t("visitor.scheduled.title"),
      }
    case "unknown":
      return { title: t("visitor.unknown.title") }
    case "empty":
      return { title: t("visitor.empty.title") }
    default:
      return { title: t(`visitor.${page.state}.title`), description: t("visitor.preview.overText") }
  }
}
