import { expect } from "../fixtures.ts"
import { test } from "../installation/own-installation.ts"

// Lightning CSS does not know this pseudo-class yet (CSS Overflow 5), and passes it on as it is.
const KNOWN = /^⚠ .*globals\.css[\s\S]*?'target-current' is not recognized.*$/gm

test("npm run dev starts without a warning", async ({ own }) => {
  test.setTimeout(300_000)
  await own.stop()
  const before = own.lines().length
  await own.start(["--dev"])
  expect((await fetch(`${own.url}/sign-in`)).status).toBe(200)

  expect(own.lines(before).join("\n").replace(KNOWN, "")).not.toMatch(/warn/i)
})
