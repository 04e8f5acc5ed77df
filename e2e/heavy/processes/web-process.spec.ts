import { request } from "@playwright/test"
import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"
import { WEB_PROCESS } from "../../installation/start-installation.ts"
import { click, leadsToStore, open } from "../../network/send-click.ts"

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
