import { mkdir, readFile } from "node:fs/promises"
import { expect, it } from "vitest"
import { explainFailure } from "./explain-failure.ts"

it("names the file that cannot be used, without a code of Node", async () => {
  const missing = await readFile("/nowhere/at all").catch(explainFailure)
  expect(missing).toMatchObject({ message: "/nowhere/at all does not exist." })
  const there = await mkdir("/tmp").catch(explainFailure)
  expect(there).toMatchObject({ message: "/tmp exists already." })
})

it("leaves a bug as it is", () => {
  const bug = new TypeError("x is not a function")
  expect(explainFailure(bug)).toBe(bug)
})
