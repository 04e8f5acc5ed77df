import fs from "node:fs"
import { mergeTests } from "@playwright/test"
import { uploadLarge } from "../files/large-file.ts"
import { expect, test as shared } from "../fixtures.ts"
import { test as inWebKit, withoutWebKit } from "./webkit.ts"

const SIZE = 64 * 1024 ** 2

const test = mergeTests(shared, inWebKit)

test.skip(...withoutWebKit)

test("in a private window of WebKit a large file is downloaded whole, and the page says that it cannot be resumed", async ({
  owner,
  person,
}) => {
  const { id } = await uploadLarge(owner, "film.mov", SIZE)
  const share = await owner.shareFiles([id])
  const visitor = await person()
  await visitor.goto(share.url)
  await visitor.press("Resumable download")
  await visitor.sees("This browser can’t store a resumable download right now")
  expect(fs.statSync(await visitor.downloaded("film.mov")).size).toBe(SIZE)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
})
