import http from "node:http"
import { expect, test } from "../fixtures.ts"
import { click, downloadBy, downloadPath, leadsToStore, open } from "../network/send-click.ts"

// An open page may ask for news at the moment at which its password was changed.
test.use({ allowed: [/status of 401 .*\/state\)/] })

for (const javaScriptEnabled of [true, false]) {
  test(`a link with a password opens only with the right one ${javaScriptEnabled ? "" : "(without JavaScript)"}`, async ({
    owner,
    browse,
  }) => {
    const share = await owner.share("survey.pdf", { password: "open sesame", title: "Secret plan" })
    const visitor = await browse({ javaScriptEnabled })

    const locked = await visitor.goto(share.url)
    expect(locked?.status()).toBe(200)
    const source = (await locked?.text()) ?? ""
    for (const secret of ["survey.pdf", "Secret plan", "the bytes of"]) {
      expect(source).not.toContain(secret)
    }
    await expect(visitor).toHaveTitle(/Nora North sent files/)

    await expect(visitor.getByLabel("Password")).not.toHaveCSS("box-shadow", "none") // its edge
    await visitor.getByLabel("Password").fill("open barley")
    await visitor.getByRole("button", { name: "Open" }).click()
    await expect(visitor.getByText("Incorrect password.")).toBeVisible()
    await expect(visitor.getByRole("button", { name: /^Download/ })).toHaveCount(0)

    await visitor.getByLabel("Password").fill("open sesame")
    await visitor.getByRole("button", { name: "Open" }).click()
    await expect(visitor.getByRole("heading", { name: "Secret plan" })).toBeVisible()
    const download = await downloadBy(visitor, /^Download/)
    expect(download.suggestedFilename()).toBe("survey.pdf")
    expect(await owner.readShare(share.id)).toMatchObject({ views: 1, downloads: 1 })
  })
}

test("while a link is locked, none of its addresses reveals anything", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { password: "open sesame", direct: true })
  const person = await stranger()
  await open(person, share)

  expect((await person.head(downloadPath(share))).status()).toBe(401)
  expect(leadsToStore(await person.get(downloadPath(share)))).toBe(false)
  expect(leadsToStore(await click(person, share))).toBe(false)
  const asked = await click(person, share, { Accept: "application/json" })
  expect([asked.status(), (await asked.json()).code]).toEqual([401, "locked"])
  const all = await person.post(`${new URL(share.url).pathname}/claim`, { data: {} })
  expect(all.status()).toBe(401)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0, exposedUntil: null })
})

test("wrong passwords of a link are rate-limited, and the page says until when", async ({
  owner,
  browse,
  installation,
}) => {
  const share = await owner.share("survey.pdf", { password: "open sesame" })
  const visitor = await browse({ javaScriptEnabled: false })
  await visitor.goto(share.url)
  const unlock = `${share.url}/unlock`
  const guess = (password: string) => visitor.request.post(unlock, { form: { password } })

  const statuses = []
  for (let attempt = 0; attempt < 12; attempt++) {
    statuses.push((await guess(`guess ${attempt}`)).status())
  }
  expect(statuses.slice(-2)).toEqual([429, 429])
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200))
  const slowed = await guess("open sesame")
  expect(Number(slowed.headers()["retry-after"])).toBeGreaterThan(0)

  await installation.query("UPDATE attempt SET window_end_at = now()")
  await visitor.goto(share.url)
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
})

test("a new password locks out visitors who had the old one", async ({ owner, visitor }) => {
  const share = await owner.share("survey.pdf", { password: "open sesame" })
  await visitor.goto(share.url)
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
  await (await downloadBy(visitor, /^Download/)).path()

  await owner.patch(`/shares/${share.id}`, { password: "another word" })

  await visitor.getByRole("button", { name: /^Download/ }).click()
  await expect(visitor.getByLabel("Password")).toBeVisible()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
})

test("the field of a locked page has the focus, and after a wrong password again", async ({
  owner,
  visitor,
}) => {
  const share = await owner.share("survey.pdf", { password: "open sesame" })

  await visitor.goto(share.url)
  await expect(visitor.getByLabel("Password")).toBeFocused()
  await visitor.keyboard.type("open barley")
  await visitor.keyboard.press("Enter")
  await expect(visitor.getByText("Incorrect password.")).toBeVisible()
  await expect(visitor.getByLabel("Password")).toBeFocused()
  await visitor.keyboard.type("open sesame")
  await visitor.keyboard.press("Enter")
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
})

test("the owner sees that someone is guessing, and from how many addresses, while the recipient gets in", async ({
  owner,
  ownerPage,
  visitor,
}) => {
  test.skip(process.platform !== "linux", "only Linux has 127.0.0.2 without setting it up")
  const share = await owner.share("survey.pdf", { password: "open sesame" })
  const page = `/shares/${share.id}`
  await guess(share.url, "127.0.0.2", 4)
  await ownerPage.goto(page)
  await expect(ownerPage.getByRole("heading", { name: "survey.pdf" })).toBeVisible()
  await expect(ownerPage.getByText("Someone is guessing")).toHaveCount(0)

  await guess(share.url, "127.0.0.3", 14)
  await guess(share.url, "127.0.0.4", 2)

  await ownerPage.reload()
  await expect(ownerPage.getByText("Someone is guessing the password.")).toBeVisible()
  // Four of the fourteen attempts were rate-limited and not compared.
  await expect(
    ownerPage.getByText("16 wrong passwords in the last hour, from 3 IP addresses."),
  ).toBeVisible()

  await visitor.goto(share.url)
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
})

/** Sends wrong passwords from another address of this machine. */
async function guess(link: string, localAddress: string, times: number) {
  for (let n = 0; n < times; n++) {
    await new Promise((resolve, reject) => {
      const { host, hostname: _, port, pathname } = new URL(`${link}/unlock`)
      const headers = { Host: host, "Content-Type": "application/x-www-form-urlencoded" }
      const options = {
        method: "POST",
        host: "127.0.0.1",
        port,
        path: pathname,
        localAddress,
        headers,
      }
      const request = http.request(options, (answer) => answer.resume().on("end", resolve))
      request.on("error", reject).end(`password=guess${n}`)
    })
  }
}
