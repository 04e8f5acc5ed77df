import { describe, expect, it } from "vitest"
import { countedOf } from "./share-counted.tsx"

type Counts = Parameters<typeof countedOf>[0]

const NONE: Counts = { viewOnly: false, maxDownloads: null, previews: 0, downloads: 0, viewers: 0 }

describe("what a share counts besides views", () => {
  it.each<[string, Partial<Counts>, ReturnType<typeof countedOf>]>([
    [
      "is downloads, with a limit or without",
      { downloads: 2, previews: 9 },
      { of: "downloads", count: 2, limit: null },
    ],
    [
      "is downloads of the limit",
      { downloads: 2, maxDownloads: 5 },
      { of: "downloads", count: 2, limit: 5 },
    ],
    [
      "is previews if it is view-only",
      { viewOnly: true, previews: 9 },
      { of: "previews", count: 9, limit: null },
    ],
    [
      "is viewers if they are limited",
      { viewOnly: true, maxDownloads: 5, previews: 9, downloads: 2, viewers: 2 },
      { of: "viewers", count: 2, limit: 5 },
    ],
    [
      "is viewers before the first one came",
      { viewOnly: true, maxDownloads: 5 },
      { of: "viewers", count: 0, limit: 5 },
    ],
    [
      "is both once a limited share was switched",
      { viewOnly: true, maxDownloads: 5, downloads: 3, viewers: 1 },
      { of: "used", count: 3, limit: 5 },
    ],
    [
      "leaves viewers out of downloads without a limit",
      { downloads: 3, viewers: 1 },
      { of: "downloads", count: 2, limit: null },
    ],
  ])("%s", (_, counts, expected) => {
    expect(countedOf({ ...NONE, ...counts })).toEqual(expected)
  })
})
