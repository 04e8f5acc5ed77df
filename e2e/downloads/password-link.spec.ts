import http from "node:http"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

// An open page may ask for news at the moment at which its password was changed.
test.use({ allowed: [/status of 401 .*\/state\)/] })

test("a link with a password opens only with the right one, also without JavaScript, and a new one locks out who had the old one", async ({
  owner,
  visitor,
  plainVisitor,
}) => {
  const share = await owner.share("survey.pdf", { password: "open sesame", title: "Secret plan" })
  for (const page of [plainVisitor, visitor]) {
    const locked = await page.goto(share.url)
    expect(locked?.status()).toBe(200)
    const source = (await locked?.text()) ?? ""
    for (const secret of ["survey.pdf", "Secret plan", "the bytes of"]) {
      expect(source).not.toContain(secret)
    }
    await expect(page).toHaveTitle(/Nora North sent files/)

    const password = page.getByLabel("Password")
    await expect(password).not.toHaveCSS("box-shadow", "none") // its edge
    await expect(password).toBeFocused()
    await page.keyboard.type("open barley")
    await page.keyboard.press("Enter")
    await expect(page.getByText("Incorrect password.")).toBeVisible()
    await expect(page.getByRole("button", { name: /^Download/ })).toHaveCount(0)
    await expect(password).toBeFocused()
    await page.keyboard.type("open sesame")
    await page.keyboard.press("Enter")
    await expect(page.getByRole("heading", { name: "Secret plan" })).toBeVisible()
    expect((await downloadBy(page, /^Download/)).suggestedFilename()).toBe("survey.pdf")
  }
  const counts = { views: 2, downloads: 2 }
  expect(await owner.readShare(share.id)).toMatchObject(counts)

  await owner.patch(`/shares/${share.id}`, { password: "another word" })
  await visitor.getByRole("button", { name: /^Download/ }).click()
  await expect(visitor.getByLabel("Password")).toBeVisible()
  expect(await owner.readShare(share.id)).toMatchObject(counts)
})

test("wrong passwords of a link are rate-limited, and the page says until when, also without JavaScript", async ({
  installation,
  owner,
  visitor,
  plainVisitor,
}) => {
  const share = await owner.share("survey.pdf", { password: "open sesame" })
  const statuses: number[] = []
  for (let guess = 0; guess < 12; guess++) {
    const form = { password: `guess ${guess}` }
    statuses.push((await visitor.request.post(`${share.url}/unlock`, { form })).status())
  }
  expect(statuses).toEqual([...Array(10).fill(200), 429, 429])
  await installation.query("UPDATE attempt SET window_end_at = now() + interval '5 minutes'")
  for (const page of [plainVisitor, visitor]) {
    await page.goto(share.url)
    await page.getByLabel("Password").fill("open sesame")
    const answer = page.waitForResponse((response) => response.request().method() === "POST")
    await page.getByRole("button", { name: "Open" }).click()
    expect((await answer).status()).toBe(429)
    expect(Number((await answer).headers()["retry-after"])).toBeGreaterThan(0)
    await expect(
      page.getByText(/Too many attempts\. Try again in .*, at \d\d:\d\d:\d\d/),
    ).toBeVisible()
  }
  await expect(visitor.getByText(/Nepal\sTime/)).toBeVisible()

  await installation.query("UPDATE attempt SET window_end_at = now()")
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
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
  await expect(ownerPage.getByText("Someone is guessing the password or a code.")).toBeVisible()
  // Four of the fourteen attempts were rate-limited and not compared.
  await expect(
    ownerPage.getByText("16 wrong passwords or codes in the last hour, from 3 IP addresses."),
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
