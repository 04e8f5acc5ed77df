import { expect, test } from "vitest"
import { type LeadingNumber, leadingNumber } from "./leading-number.ts"

const fresh = { viewOnly: false, maxDownloads: null, downloads: 0, viewers: 0 }

test.each<[string, Parameters<typeof leadingNumber>[0], LeadingNumber]>([
  ["views lead a share that nobody has downloaded", fresh, "views"],
  ["downloads lead as soon as there is one", { ...fresh, downloads: 1 }, "downloads"],
  ["downloads lead where they are limited", { ...fresh, maxDownloads: 10 }, "downloads"],
  ["previews lead a view-only share", { ...fresh, viewOnly: true }, "previews"],
  [
    "previews lead a view-only share that was downloaded before",
    { ...fresh, viewOnly: true, downloads: 4 },
    "previews",
  ],
  [
    "viewers lead a view-only share that limits them",
    { ...fresh, viewOnly: true, maxDownloads: 10 },
    "viewers",
  ],
  ["views lead where files were only viewed", { ...fresh, downloads: 2, viewers: 2 }, "views"],
])("%s", (_, share, leading) => {
  expect(leadingNumber(share)).toBe(leading)
})
