import type { Page, Request } from "@playwright/test"
import { expect, test } from "../fixtures.ts"
import { click, downloadBy, leadsToStore, open } from "../network/send-click.ts"

test.use({ allowed: [/ERR_CONNECTION_RESET/] })

test("a link limited to two downloads serves exactly two of twenty people who click at once", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 2 })
  const people = await Promise.all(Array.from({ length: 20 }, stranger))
  // Half of them have opened the page, and so have a cookie.
  await Promise.all(people.slice(0, 10).map((person) => open(person, share)))

  const answers = await Promise.all(people.map((person) => click(person, share)))

  expect(answers.map((answer) => answer.status())).toEqual(Array(20).fill(303))
  const granted = answers.filter(leadsToStore)
  expect(granted).toHaveLength(2)
  for (const answer of granted) {
    const bytes = await fetch(answer.headers().location ?? "")
    expect(await bytes.text()).toBe("the bytes of survey.pdf")
  }
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 2, status: "used_up" })
})

test("the only download of a link counts once: not again after a lost answer, a double click or another visit, and the next visitor reads that none is left", async ({
  owner,
  visitor,
  browse,
}) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 1 })
  const counted = { downloads: 1, status: "used_up" }
  await visitor.goto(share.url)
  await expect(visitor.getByText("1 download left")).toBeVisible()
  const lost = loseNextAnswer(visitor)
  await visitor.getByRole("button", { name: /^Download/ }).click()
  await lost
  await visitor.waitForURL("chrome-error://chromewebdata/")
  expect(await owner.readShare(share.id)).toMatchObject(counted)

  await visitor.goto(share.url)
  const begun = visitor.waitForEvent("download")
  await visitor.getByRole("button", { name: /^Download/ }).dblclick()
  expect(await (await begun).failure()).toBeNull()
  expect(await owner.readShare(share.id)).toMatchObject(counted)

  const late = await browse()
  expect((await late.goto(share.url))?.status()).toBe(410)
  await expect(late.getByRole("heading", { name: "No downloads left" })).toBeVisible()
  await expect(late.getByRole("button", { name: /download/i })).toHaveCount(0)

  await visitor.goto(share.url)
  await (await downloadBy(visitor, /^Download/)).path()
  expect(await owner.readShare(share.id)).toMatchObject(counted)
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
