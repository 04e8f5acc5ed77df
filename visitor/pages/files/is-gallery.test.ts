import { expect, test } from "vitest"
import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import { isGallery } from "./is-gallery.ts"

const file = (changes: Partial<LinkFile>): LinkFile => ({
  id: "",
  name: "a.jpg",
  path: "",
  size: 1,
  contentType: "image/jpeg",
  status: "ready",
  isPaused: false,
  sha256: null,
  sha256Verified: false,
  hasThumbnail: true,
  preview: "image",
  ...changes,
})
const times = (count: number, changes: Partial<LinkFile> = {}) =>
  Array.from({ length: count }, () => file(changes))
const shows = (files: LinkFile[], needsClaim = false) => isGallery({ files, needsClaim })

test("three pictures are a gallery, and two are a list", () => {
  expect(shows(times(3))).toBe(true)
  expect(shows(times(2))).toBe(false)
  expect(shows([])).toBe(false)
})

test("one file in ten may be something else", () => {
  const text = { preview: "text", hasThumbnail: false } as const
  expect(shows([...times(9), file(text)])).toBe(true)
  expect(shows([...times(8), file(text)])).toBe(false)
  expect(shows([...times(9), file({ preview: "video" })])).toBe(true)
})

test("files that are not ready do not count", () => {
  const others = [
    ...times(20, { status: "uploading", hasThumbnail: false }),
    ...times(20, { status: "abandoned", hasThumbnail: false }),
  ]
  expect(shows([...times(3), ...others])).toBe(true)
  expect(shows([...times(2), ...times(1, { status: "uploading" })])).toBe(false)
})

test("half of the pictures may lack thumbnails, for example while they are made", () => {
  expect(shows([...times(2), ...times(2, { hasThumbnail: false })])).toBe(true)
  expect(shows([...times(2), ...times(3, { hasThumbnail: false })])).toBe(false)
})

test("pictures without thumbnails, without previews or before a claim are a list", () => {
  expect(shows(times(20, { hasThumbnail: false }))).toBe(false)
  expect(shows(times(20, { preview: null }))).toBe(false)
  expect(shows(times(20), true)).toBe(false)
})
