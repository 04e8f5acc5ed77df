import { expect, test } from "../fixtures.ts"
import { click, downloadBy, leadsToStore, open } from "../network/send-click.ts"

test("a link limited to two downloads serves exactly two of twenty people who click at once", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 2 })
  const people = await Promise.all(Array.from({ length: 20 }, stranger))
  await Promise.all(people.map((person) => open(person, share)))

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

test("twenty clicks at once without any cookie get no more than the limit either", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 2 })
  const people = await Promise.all(Array.from({ length: 20 }, stranger))

  const answers = await Promise.all(people.map((person) => click(person, share)))

  expect(answers.filter(leadsToStore)).toHaveLength(2)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 2 })
})

test("a double click counts as one download", async ({ owner, visitor, stranger }) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 5 })

  await visitor.goto(share.url)
  const begun = visitor.waitForEvent("download")
  await visitor.getByRole("button", { name: /^Download/ }).dblclick()
  await (await begun).path()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })

  const person = await stranger()
  await open(person, share)
  const answers = await Promise.all([click(person, share), click(person, share)])
  expect(answers.map(leadsToStore)).toEqual([true, true])
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 2 })
})

test("a used up link explains itself to the next visitor and still serves the visitors who came first", async ({
  owner,
  visitor,
  browse,
}) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 1, title: "Harbour survey" })

  await visitor.goto(share.url)
  await expect(visitor.getByText("1 download left")).toBeVisible()
  await (await downloadBy(visitor, /^Download/)).path()

  const late = await browse()
  const answer = await late.goto(share.url)
  expect(answer?.status()).toBe(410)
  await expect(late.getByRole("heading", { name: "No downloads left" })).toBeVisible()
  await expect(late.getByRole("button", { name: /download/i })).toHaveCount(0)

  await visitor.goto(share.url)
  await (await downloadBy(visitor, /^Download/)).path()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, status: "used_up" })
})
