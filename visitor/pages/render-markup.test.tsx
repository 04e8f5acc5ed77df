import type { ReactNode } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { expect, it } from "vitest"
import type { LinkFile, LinkPage, OpenPage } from "#lib/rooms/claims/open/link-page.ts"
import { wordsIn } from "#visitor/language/page-words.ts"
import { html } from "./html.ts"
import { ClosedLink, UnknownLink } from "./link/closed-link.tsx"
import { LockedLink } from "./link/locked-link.tsx"
import { OpenedLink } from "./link/opened-link.tsx"
import { ScheduledLink } from "./link/scheduled-link.tsx"
import { renderPage } from "./page-context.ts"
import { renderMarkup } from "./render-markup.ts"

const now = new Date("2026-11-30T12:00:00Z")

const file = (change: Partial<LinkFile> = {}): LinkFile => ({
  id: "01a20e37-1124-7000-b66b-5d65dec0defa",
  name: `A long name & "more" <b> of a file's.pdf`,
  path: "",
  size: 70_000_000,
  contentType: "application/pdf",
  status: "ready",
  isPaused: false,
  sha256: "ab".repeat(32),
  sha256Verified: true,
  hasThumbnail: false,
  preview: "pdf",
  ...change,
})

const open = (files: LinkFile[], change: Partial<OpenPage> = {}): OpenPage => ({
  state: "open",
  senderName: "Nora <North>",
  title: "",
  name: files[0]?.name ?? "",
  message: "See https://example.org/?a=1&b=2",
  now,
  expiresAt: new Date(Number(now) + 3 * 86_400_000),
  files,
  counts: {
    ready: files.length,
    readyBytes: 7,
    arriving: 0,
    arrivingBytes: 0,
    paused: 0,
    abandoned: 0,
  },
  part: null,
  downloadsLeft: 3,
  hasTicket: false,
  canPreview: true,
  viewOnly: false,
  watermark: false,
  recipient: null,
  needsClaim: false,
  ...change,
})

const picture = { preview: "image", hasThumbnail: true, contentType: "image/jpeg" } as const
const pictures = ["a.jpg", "b.jpg", "c.jpg"].map((name) => file({ ...picture, id: name, name }))
const asking = { askedAt: null, note: "\nplease", problem: "too_long", retryAt: now } as const
const closed: Extract<LinkPage, { asking: unknown }> = {
  ...{
    state: "expired",
    senderName: "Nora",
    title: "Tides",
    at: now,
    byAdmin: false,
    madeFor: "anyone",
  },
  ...{ viewOnly: false, now, asking },
}

const opened = (page: OpenPage) => (
  <OpenedLink
    token="token"
    link={page}
    isBot={false}
    listing={{ q: `"a"`, after: "", ids: null }}
  />
)

/** Markup with sorted attributes in lower case, because React sorts the attributes of forms. */
const inOrder = (markup: string) =>
  markup.replace(/<(\w+)((?: [\w:-]+="[^"]*")+)/g, (_, name: string, attributes: string) => {
    const all = attributes.match(/ [\w:-]+="[^"]*"/g) ?? []
    return `<${name}${all
      .map((each) => each.replace(/^[^=]+/, (key) => key.toLowerCase()))
      .sort()
      .join("")}`
  })

it.each<[string, ReactNode]>([
  ["one file", opened(open([file()]))],
  ["one picture", opened(open([file(picture)], { viewOnly: true }))],
  ["folders", opened(open([file({ path: "a & b/c" }), file({ id: "2", status: "abandoned" })]))],
  ["a gallery", opened(open(pictures, { expiresAt: null }))],
  ["sixty files", opened(open(Array.from({ length: 60 }, (_, n) => file({ id: String(n) }))))],
  [
    "a locked link",
    <LockedLink
      key=""
      link={{
        state: "locked",
        senderName: "Nora",
        code: null,
        error: "password",
        retryAt: null,
        now,
      }}
    />,
  ],
  [
    "a link that asks for a code",
    <LockedLink
      key=""
      link={{
        state: "locked",
        senderName: "Nora",
        code: { address: "p…@example.org", isSent: true },
        error: "code",
        retryAt: null,
        now,
      }}
    />,
  ],
  [
    "a scheduled link",
    <ScheduledLink
      key=""
      origin="https://files.example.org"
      link={{ state: "scheduled", senderName: "Nora", title: "", startsAt: now, now, counts: null }}
    />,
  ],
  ["a closed link", <ClosedLink key="" token="t" link={closed} />],
  [
    "a question that was sent",
    <ClosedLink
      key=""
      token="t"
      link={{ ...closed, state: "revoked", asking: { ...asking, askedAt: now } }}
    />,
  ],
  ["an unknown link", <UnknownLink key="" />],
])("the page of %s is what React renders", (_, element) => {
  const branding = {
    ...{ name: "A & B", accent: null, logo: "0f", note: "<i>" },
    ...{ imprintUrl: "https://example.org/?a&b", privacyUrl: null },
  }
  const context = { words: wordsIn("de"), address: "/s/t?q=<", branding, previewZone: undefined }

  const ours = renderPage(context, element)

  // React adds preloads of images.
  const theirs = renderToStaticMarkup(element).replace(/<link rel="preload" as="image"[^>]*>/g, "")
  expect(inOrder(ours)).toBe(inOrder(theirs))
})

it("no value ends a text or an attribute", () => {
  const evil = `"><script>'&`
  const safe = "&quot;&gt;&lt;script&gt;&#x27;&amp;"

  expect(renderMarkup(<p title={evil}>{evil}</p>)).toBe(`<p title="${safe}">${safe}</p>`)
  expect(html`<p title="${evil}">${evil}${null}${false}${html`<b>${1}</b>`}</p>`.__html).toBe(
    `<p title="${safe}">${safe}<b>1</b></p>`,
  )
})
