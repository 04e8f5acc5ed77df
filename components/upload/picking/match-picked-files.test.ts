import { expect, test } from "vitest"
import type { UnfinishedUpload, UploadSource } from "#packages/uploader/upload.ts"
import { matchPickedFiles } from "./match-picked-files.ts"

const anUpload = (fileId: string, name: string, size: number): UnfinishedUpload => ({
  fileId,
  name,
  size,
  path: "trip",
  storedBytes: 1,
  hasHandle: false,
  givenUp: false,
  startedAt: "2026-11-24T12:00:00.000Z",
})
const aPick = (name: string, text: string): UploadSource => ({
  name,
  path: "",
  contentType: "",
  body: new Blob([text]),
})

test("a picked file matches the unfinished upload of the same name and size, and no other", () => {
  const unfinished = [anUpload("1", "film.mov", 4), anUpload("2", "ra\u0308ksmo\u0308rgås.txt", 3)]
  const [film, longer, lunch] = [
    aPick("film.mov", "film"),
    aPick("film.mov", "a film"),
    aPick("räksmörgås.txt", "abc"),
  ]
  expect(matchPickedFiles([film, longer, lunch], unfinished)).toEqual({
    matched: [
      { source: film, fileId: "1" },
      { source: lunch, fileId: "2" },
    ],
    others: [longer],
  })
})

test("two unfinished uploads of the same name and size match one file each", () => {
  const unfinished = [anUpload("1", "a.txt", 1), anUpload("2", "a.txt", 1)]
  const picks = [aPick("a.txt", "x"), aPick("a.txt", "y"), aPick("a.txt", "z")]
  const { matched, others } = matchPickedFiles(picks, unfinished)
  expect(matched.map(({ fileId }) => fileId)).toEqual(["1", "2"])
  expect(others).toEqual([picks[2]])
})
