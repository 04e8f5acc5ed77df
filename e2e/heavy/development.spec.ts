import { expect } from "../fixtures.ts"
import { test } from "../installation/own-installation.ts"

test("npm run dev starts without a warning", async ({ own }) => {
  test.setTimeout(120_000)
  await own.stop()
  const before = own.lines().length
  await own.start(["--dev"])
  expect((await fetch(`${own.url}/sign-in`)).status).toBe(200)

  expect(own.lines(before).join("\n")).not.toMatch(/warn/i)
})
