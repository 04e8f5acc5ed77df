import type { Page, Request } from "@playwright/test"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

test.use({ allowed: [/ERR_CONNECTION_RESET/] })

test("a download whose answer was lost does not use up the limit", async ({ owner, visitor }) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 1 })
  await visitor.goto(share.url)
  const lost = loseNextAnswer(visitor)

  await visitor.getByRole("button", { name: /^Download/ }).click()
  await lost
  await visitor.waitForURL("chrome-error://chromewebdata/")
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, status: "used_up" })

  await visitor.goto(share.url)
  const download = await downloadBy(visitor, /^Download/)
  expect(await download.failure()).toBeNull()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
})

/** Makes the next click reach the app and lose its answer. */
function loseNextAnswer(page: Page) {
  return new Promise<void>((resolve, reject) => {
    page
      .route(
        "**/d/*",
        async (route) => {
          await sendAlone(route.request()).catch(reject)
          await route.abort("connectionreset")
          resolve()
        },
        { times: 1 },
      )
      .catch(reject)
  })
}

async function sendAlone(request: Request) {
  const { host: _, ...headers } = await request.allHeaders()
  const answer = await fetch(request.url(), {
    method: request.method(),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":"))),
    body: request.postData() ?? "",
    redirect: "manual",
  })
  expect(answer.headers.get("location")).toContain("X-Amz-Signature=")
}
