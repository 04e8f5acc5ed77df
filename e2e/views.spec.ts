import { downloadBy, open } from "./click.ts"
import { expect, test } from "./fixtures.ts"

test("a view is one person opening the page: not our own redirect back, a fetch behind the scenes or a prefetch", async ({
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
  await expect(visitor.getByText("That is not the password.")).toBeVisible()
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
  await (await downloadBy(visitor, /^Download/)).path()
  expect(await views()).toBe(1)

  await visitor.reload()
  expect(await views()).toBe(2)

  const person = await stranger()
  for (const headers of [
    { "Sec-Purpose": "prefetch" },
    { "Sec-Fetch-Dest": "empty", Accept: "*/*" },
  ]) {
    await open(person, share, headers)
  }
  await person.get(`${new URL(share.url).pathname}/state`)
  expect(await views()).toBe(2)

  await open(person, share)
  expect(await views()).toBe(3)
  // Next's own parameters and headers mean nothing here: this is a document like any other.
  await person.get(`${new URL(share.url).pathname}?_rsc=abc`, { headers: { RSC: "1" } })
  expect(await views()).toBe(4)
})
