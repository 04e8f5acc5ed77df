import { NextIntlClientProvider } from "next-intl"
import { renderToStaticMarkup } from "react-dom/server"
import { describe, expect, it } from "vitest"
import type { FileNames, Receipt } from "#lib/rooms/activity/receipt.ts"
import member from "../../../messages/en/member.json"
import { ReceiptSentence } from "./receipt-sentence.tsx"

const none: FileNames = { names: [], count: 0 }
const some = (...names: string[]): FileNames => ({ names: names.slice(0, 3), count: names.length })

const RECEIPT: Receipt = {
  id: "a",
  firstAt: "2026-11-25T10:24:00.000000Z",
  lastAt: "2026-11-25T10:24:00.000000Z",
  views: 1,
  agent: "Safari on iPhone",
  referrer: null,
  recipient: null,
  unlocked: false,
  shutOut: false,
  wrongPasswords: 0,
  refusals: 0,
  taken: none,
  neverTaken: none,
  lookedAt: none,
  takenGone: 0,
  isComplete: true,
}

const markup = (receipt: Partial<Receipt>, { fileCount = 3, viewOnly = false } = {}) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ member }}>
      <ReceiptSentence
        receipt={{ ...RECEIPT, ...receipt }}
        share={{ fileCount, viewOnly }}
        time="10:24"
      />
    </NextIntlClientProvider>,
  )
const sentence = (...asked: Parameters<typeof markup>) => markup(...asked).replace(/<[^>]*>/g, "")

describe("a receipt says", () => {
  it.each<[string, Partial<Receipt>, { fileCount?: number; viewOnly?: boolean }?]>([
    ["Opened on an iPhone at 10:24, downloaded nothing.", { neverTaken: some("a", "b", "c") }],
    [
      "Opened on an iPhone at 10:24, downloaded 2 of 3 files; didn’t download plan.pdf.",
      { taken: some("a", "b"), neverTaken: some("plan.pdf") },
    ],
    ["Opened on an iPhone at 10:24, didn’t get in.", { shutOut: true }],
    ["Opened on an iPhone at 10:24, downloaded all 3 files.", { taken: some("a", "b", "c") }],
    [
      "Opened on an iPhone at 10:24, downloaded both files.",
      { taken: some("a", "b") },
      { fileCount: 2 },
    ],
    ["Opened on an iPhone at 10:24, downloaded a.pdf.", { taken: some("a.pdf") }, { fileCount: 1 }],
    [
      "Opened 3 times on an iPhone, first at 10:24, downloaded 2 of 100 files (a and b).",
      {
        views: 3,
        taken: some("a", "b"),
        neverTaken: { names: ["c", "d", "e"], count: 98 },
      },
      { fileCount: 100 },
    ],
    [
      "Opened twice on an iPhone, first at 10:24, downloaded 50 of 100 files.",
      {
        views: 2,
        taken: { names: ["a", "b", "c"], count: 50 },
        neverTaken: { names: ["d", "e", "f"], count: 50 },
      },
      { fileCount: 100 },
    ],
    [
      "Accessed with curl at 10:24, downloaded a.pdf.",
      { views: 0, agent: "curl", taken: some("a.pdf") },
      { fileCount: 1 },
    ],
    [
      "Active on a Mac at 10:24, downloaded all 3 files.",
      { views: 0, agent: "Safari on macOS", taken: some("a", "b", "c") },
    ],
    ["Opened at 10:24, downloaded nothing.", { agent: null }],
    [
      "Opened on an iPhone at 10:24, entered 3 wrong passwords or codes; didn’t get in.",
      { wrongPasswords: 3 },
    ],
    [
      "Opened on an iPhone at 10:24, entered a wrong password or code, then the right one; downloaded all 3 files.",
      { wrongPasswords: 1, unlocked: true, taken: some("a", "b", "c") },
    ],
    [
      "Opened on an iPhone at 10:24, entered a wrong password or code, then the right one; downloaded nothing.",
      { wrongPasswords: 1, unlocked: true },
    ],
    [
      "Opened on an iPhone at 10:24, previewed a and b.",
      { lookedAt: some("a", "b") },
      { viewOnly: true },
    ],
    ["Opened on an iPhone at 10:24.", {}, { viewOnly: true }],
    ["Opened on an iPhone at 10:24, was denied a download.", { refusals: 1 }],
    [
      "Opened on an iPhone at 10:24, downloaded a file that is no longer in this share.",
      { takenGone: 1 },
    ],
    [
      "Opened on an iPhone at 10:24, downloaded 2 files.",
      { isComplete: false, taken: some("a", "b") },
    ],
    ["Opened on an iPhone at 10:24.", { isComplete: false }],
  ])("%s", (expected, receipt, share) => {
    expect(sentence(receipt, share)).toBe(expected)
  })

  it("names in their own direction, each isolated from the sentence", () => {
    const html = markup({
      taken: some("a.pdf", "b.pdf"),
      neverTaken: some("تقرير.pdf"),
    })

    expect(html).toMatch(/didn’t download <bdi[^>]*>تقرير\.<wbr\/>pdf<\/bdi>\.$/)
  })

  it("how many more files a visitor previewed than it names", () => {
    expect(sentence({ lookedAt: some("a", "b", "c", "d", "e") })).toBe(
      "Opened on an iPhone at 10:24, previewed a, b, c, and 2 more; downloaded nothing.",
    )
  })
})
