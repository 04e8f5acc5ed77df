import { future } from "#testing/units.ts"
import { expect, test } from "../fixtures.ts"
import { click, downloadBy, leadsToStore } from "../network/send-click.ts"

test("a scheduled link says when it opens, serves nothing before, and opens then", async ({
  owner,
  visitor,
  stranger,
  installation,
}) => {
  const startsAt = future()
  const share = await owner.share("survey.pdf", { title: "Harbour survey", startsAt, direct: true })
  expect(share.status).toBe("scheduled")

  expect((await visitor.goto(share.url))?.status()).toBe(200)
  await expect(visitor.getByRole("heading", { name: "Harbour survey" })).toBeVisible()
  await expect(visitor.getByText(/Opens in (59\sminutes|1\shour)/)).toBeVisible()
  await expect(visitor.getByText(/Nepal Time/)).toBeVisible()
  await expect(visitor.getByText("survey.pdf")).toHaveCount(0)
  expect(leadsToStore(await click(await stranger(), share))).toBe(false)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0, exposedUntil: null })

  await installation.query("UPDATE share SET starts_at = now() WHERE id = $1", [share.id])
  await visitor.goto(share.url)
  await (await downloadBy(visitor, /^Download/)).path()
  expect(await owner.readShare(share.id)).toMatchObject({ status: "open", downloads: 1 })
})
