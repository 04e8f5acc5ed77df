import http from "node:http"
import type { AddressInfo } from "node:net"
import { expect, test } from "../fixtures.ts"
import { downloadBy, open } from "../network/send-click.ts"

test("a view is one person opening the page: not a redirect of the app, a background fetch or a chat that shows a preview of the link", async ({
  owner,
  visitor,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { password: "open sesame" })
  const views = async () => (await owner.readShare(share.id)).views

  await visitor.goto(share.url)
  expect(await views()).toBe(1)
  await visitor.getByLabel("Password").fill("wrong")
  await visitor.getByRole("button", { name: "Open" }).click()
  await expect(visitor.getByText("Incorrect password.")).toBeVisible()
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
  await (await downloadBy(visitor, /^Download/)).path()
  expect(await views()).toBe(1)

  await visitor.reload()
  expect(await views()).toBe(2)

  const bot = await stranger()
  await open(bot, share, { "User-Agent": "Slackbot-LinkExpanding 1.0" })
  await bot.get(`${new URL(share.url).pathname}/state`)
  expect(await views()).toBe(2)
})

test("a page that the browser fetched ahead, by prefetch or prerender, is one view once the person opens it", async ({
  owner,
  browse,
}) => {
  for (const how of ["prefetch", "prerender"]) {
    const visitor = await browse()
    const share = await owner.share("survey.pdf")
    const server = http.createServer((_, answer) => {
      const rules = { [how]: [{ source: "list", urls: [share.url], eagerness: "immediate" }] }
      answer.setHeader("Content-Type", "text/html")
      answer.end(
        `<script type="speculationrules">${JSON.stringify(rules)}</script><a href="${share.url}">Files</a>`,
      )
    })
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve))
    try {
      await visitor.goto(`http://localhost:${(server.address() as AddressInfo).port}`)
      const counts = async () => {
        const { views, botViews } = await owner.readShare(share.id)
        return { views, botViews }
      }
      if (how === "prefetch") await expect.poll(counts).toEqual({ views: 0, botViews: 1 })
      await visitor.getByRole("link").click()
      await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
      expect((await counts()).views).toBe(1)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }
})
