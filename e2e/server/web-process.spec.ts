import { request } from "@playwright/test"
import { aFile, chooseFiles, newestLink } from "../files/share-a-file.ts"
import { expect } from "../fixtures.ts"
import { test } from "../installation/own-installation.ts"
import { WEB_PROCESS } from "../installation/start-installation.ts"
import { click, leadsToStore, open } from "../network/send-click.ts"

test("the web process is restarted when it is killed: the others continue, and visitors wait a few seconds", async ({
  own,
  member,
}) => {
  const share = await member.share("survey.pdf")
  const visitor = await request.newContext({ baseURL: own.url, maxRedirects: 0 })
  const [web = 0, ...others] = own.processes(WEB_PROCESS)
  expect(others).toEqual([])
  const servers = own.processes(/server\/start\.ts|local-s3|bin\/postgres/)
  expect(servers).toHaveLength(3)

  const killedAt = Date.now()
  await own.crash("web")
  await expect
    .poll(async () => {
      const answer = await click(visitor, share).catch(() => null)
      return answer !== null && leadsToStore(answer)
    })
    .toBe(true)
  expect(Date.now() - killedAt).toBeLessThan(10_000)

  expect(own.processes(WEB_PROCESS)).not.toContain(web)
  expect(own.processes(/server\/start\.ts|local-s3|bin\/postgres/)).toEqual(servers)
  const said = own.lines().filter((line) => line.includes("Web process 1 stopped unexpectedly"))
  expect(said).toHaveLength(1)
  const counted = await (await fetch(`${own.url}/metrics`)).text()
  expect(counted).toMatch(/^lapse_web_process_restarts_total 1$/m)
  expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
  await open(visitor, share)
  await visitor.dispose()
})

test("files whose records were created when the web process was killed are stored once, under one link", async ({
  own,
  member,
  memberPage: page,
}) => {
  const count = 60
  let isKilled = false
  await page.goto("/shares")
  await page.route(
    "**/api/v1/files/batch",
    async (route) => {
      await route.fetch()
      await own.crash("web")
      isKilled = true
      await route.abort()
    },
    { times: 1 },
  )
  await chooseFiles(
    page,
    Array.from({ length: count }, (_, at) => aFile(`leaf ${at}.pdf`)),
  )
  const uploads = page.getByRole("region", { name: "Uploads" })
  await expect(uploads.getByText("Upload complete")).toBeVisible({ timeout: 30_000 })
  expect(isKilled).toBe(true)
  const shares = await (await member.get("/shares")).json()
  expect(shares.items).toMatchObject([
    { url: await newestLink(page), fileCount: count, arrivingFileCount: 0 },
  ])
  const files = await (await member.get("/files?limit=100")).json()
  expect(files.items).toHaveLength(count)
})

test("after its first answer a start refuses no connection, and says that it is starting until it serves", async ({
  own,
}) => {
  expect(await own.stop()).toBe(0)
  let isOver = false
  const answers: (number | null)[] = []
  const asking = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const answer = await fetch(`${own.url}/sign-in`, { headers: { connection: "close" } }).catch(
        () => null,
      )
      await answer?.arrayBuffer()
      if (answer || answers.length > 0) answers.push(answer?.status ?? null)
      else await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })
  await own.start()
  isOver = true
  await Promise.all(asking)

  expect(answers.filter((status) => status !== 503 && status !== 200)).toEqual([])
  expect(answers[0]).toBe(503)
  expect((await fetch(`${own.url}/sign-in`)).status).toBe(200)
})
