import { describe, expect, it } from "vitest"
import type { LinkView } from "#lib/rooms/shares/links/link.ts"
import { isRemindable, stateOf } from "./recipient-state.ts"

const NOW = new Date("2026-12-01T12:00:00Z")
const mail = (state: "sent" | "queued" | "failed", at = "2026-12-01T11:00:00Z") => ({
  state,
  at,
  answer: null,
})
const PIA: LinkView = {
  ...{ id: "pia", url: "https://files.example.com/s/pia", open: false, language: "en" },
  ...{ name: "Pia", address: "pia@example.org", verify: false, maxDownloads: null },
  ...{ downloads: 0, views: 0, openedAt: null, revokedAt: null, exposedUntil: null, cutOff: null },
  mail: mail("sent"),
}
const OPENED = { openedAt: "2026-12-01T11:30:00Z" }

describe("the list says of a recipient", () => {
  it.each<[string, Partial<LinkView>]>([
    ["not_opened", {}],
    ["not_opened", { mail: null }],
    ["refused", { mail: mail("failed") }],
    ["opened", OPENED],
    ["opened", { ...OPENED, mail: mail("failed") }],
    ["downloaded", { ...OPENED, downloads: 1 }],
    ["revoked", { ...OPENED, downloads: 1, revokedAt: "2026-12-01T11:40:00Z" }],
    ["erased", { name: "", address: "", revokedAt: "2026-12-01T11:40:00Z" }],
  ])("%s: %j", (state, link) => {
    expect(stateOf({ ...PIA, ...link }, { kind: "share", viewOnly: false }, false)).toBe(state)
  })

  it("opened where nothing can be downloaded", () => {
    const looked = { ...PIA, ...OPENED, downloads: 1 }
    expect(stateOf(looked, { kind: "share", viewOnly: true }, false)).toBe("opened")
  })

  it.each<[string, Partial<LinkView>, boolean]>([
    ["not_opened", {}, false],
    ["not_sent", OPENED, false],
    ["sent", OPENED, true],
    ["sent", { ...OPENED, downloads: 1 }, false],
    ["revoked", { ...OPENED, revokedAt: "2026-12-01T11:40:00Z" }, true],
  ])("%s, of a request: %j, sent: %s", (state, link, hasSent) => {
    expect(stateOf({ ...PIA, ...link }, { kind: "request", viewOnly: false }, hasSent)).toBe(state)
  })
})

it.each<[boolean, Partial<LinkView>]>([
  [false, {}],
  [true, { mail: mail("sent", "2026-11-30T11:59:00Z") }],
  [false, { mail: mail("queued") }],
  [true, { mail: mail("failed") }],
  [true, { mail: null }],
  [false, { mail: null, address: "" }],
  [false, { mail: null, revokedAt: "2026-12-01T11:40:00Z" }],
])("a link may be mailed again is %s: %j", (isAllowed, link) => {
  expect(isRemindable({ ...PIA, ...link }, NOW)).toBe(isAllowed)
})
