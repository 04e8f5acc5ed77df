import { expect, test } from "../fixtures.ts"
import { click, downloadBy, leadsToStore, open } from "../network/send-click.ts"

test("when the owner revokes a link, the next click is refused at once, and restore opens it again", async ({
  owner,
  ownerPage,
  visitor,
}) => {
  const share = await owner.share("survey.pdf", { title: "Revoke me" })
  await visitor.goto(share.url)
  await (await downloadBy(visitor, /^Download/)).path()
  // The page polls the link's state before it shows this, and reloads itself if the link is closed.
  await expect(visitor.getByRole("status")).toHaveText(/^Download started/)

  await ownerPage.goto(`/shares/${share.id}`)
  await ownerPage.getByRole("button", { name: "Revoke…" }).click()
  await ownerPage
    .getByRole("alertdialog")
    .getByRole("button", { name: "Revoke", exact: true })
    .click()
  await expect(ownerPage.getByText(/You revoked this share on/)).toBeVisible()
  await expect(
    ownerPage.getByText(/Download links already issued may work until/).first(),
  ).toBeVisible()

  await visitor.getByRole("button", { name: /^Download/ }).click()
  await expect(visitor.getByRole("heading", { name: "This link was revoked" })).toBeVisible()
  expect((await visitor.goto(share.url))?.status()).toBe(410)
  const revoked = await owner.readShare(share.id)
  expect(revoked).toMatchObject({ status: "revoked", downloads: 1 })
  expect(Date.parse(revoked.exposedUntil ?? "")).toBeGreaterThan(
    Date.parse(revoked.revokedAt ?? ""),
  )

  await ownerPage.getByRole("button", { name: "Restore" }).click()
  await expect(ownerPage.getByText("Restored. The link works again.")).toBeVisible()
  expect((await visitor.goto(share.url))?.status()).toBe(200)
  await (await downloadBy(visitor, /^Download/)).path()
  // The ticket is valid again, so that an undo counts no download twice.
  expect(await owner.readShare(share.id)).toMatchObject({ status: "open", downloads: 1 })
})

test("no click that is sent after a revoke returned succeeds, however many there are", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf")
  const people = await Promise.all(Array.from({ length: 10 }, stranger))
  await Promise.all(people.map((person) => open(person, share)))
  await Promise.all(people.slice(0, 5).map((person) => click(person, share))) // these hold tickets

  const before = Promise.all(people.map((person) => click(person, share)))
  await owner.post(`/shares/${share.id}/revoke`, {})
  const after = await Promise.all(people.map((person) => click(person, share)))
  await before

  expect(after.filter(leadsToStore)).toEqual([])
  expect(after.map((answer) => answer.status())).toEqual(Array(10).fill(303))
})

test("a new link ends the old one and keeps the counts", async ({ owner, stranger, browse }) => {
  const share = await owner.share("survey.pdf")
  const person = await stranger()
  await open(person, share)
  await click(person, share)

  const renewed = await (await owner.post(`/shares/${share.id}/new-link`)).json()

  expect(renewed.url).not.toBe(share.url)
  expect(renewed).toMatchObject({ id: share.id, downloads: 1, views: 1, status: "open" })
  expect((await click(person, share)).status()).toBe(404)
  const visitor = await browse()
  expect((await visitor.goto(share.url))?.status()).toBe(404)
  await expect(visitor.getByRole("heading", { name: "Link not found" })).toBeVisible()
  expect((await visitor.goto(renewed.url))?.status()).toBe(200)
})
