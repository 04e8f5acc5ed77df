import { lookAt, shareContents } from "../browser/look-at.ts"
import { pdf } from "../files/make-pdf.ts"
import { expect, test } from "../fixtures.ts"

// The headless shell has no PDF viewer. Its browser is started by the story, because a worker with
// another browser starts an installation of its own.
const executablePath = process.env.LAPSE_TEST_CHROMIUM

test("a PDF is shown by the browser's viewer from the store, in a frame without a sandbox; a damaged one is replaced by a message", async ({
  owner,
  playwright,
  watcher,
  installation,
}) => {
  const chromium = await playwright.chromium.launch(
    executablePath ? { executablePath } : { channel: "chromium" },
  )
  const visitor = await chromium.newPage({ baseURL: installation.url })
  watcher.watch(visitor)
  const share = await shareContents(owner, [
    ["plan.pdf", pdf("The plan"), "application/pdf"],
    ["z broken.pdf", "no document", "application/pdf"],
  ])
  await visitor.goto(share.url)
  const shown = visitor.waitForResponse(
    (response) =>
      response.request().resourceType() === "document" &&
      response.url().startsWith(installation.storeUrl),
  )
  const viewer = await lookAt(visitor, "plan.pdf")
  const answer = await shown
  expect(answer.status()).toBe(200)
  expect(await answer.headerValue("content-type")).toBe("application/pdf")
  expect(await answer.headerValue("content-disposition")).toMatch(/^inline/)
  const frame = viewer.locator("iframe")
  await expect(frame).toHaveAttribute("title", "plan.pdf")
  expect(await frame.getAttribute("sandbox")).toBeNull()
  // The viewer is a page of the browser inside that frame.
  await expect
    .poll(() => visitor.frames().some((each) => each.url().startsWith("chrome-extension://")))
    .toBe(true)
  await viewer.getByRole("button", { name: "Next file" }).click()
  await expect(viewer.locator(".viewer-message")).toContainText("may be damaged")
  await expect(viewer.getByRole("status")).toContainText("may be damaged")
  await chromium.close()
})
