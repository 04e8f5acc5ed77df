import fs from "node:fs"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

// The browser logs a form that is refused.
test.use({ allowed: [/status of 405/] })

test("a visitor without JavaScript sees who shares what until when, and downloads each file", async ({
  owner,
  plainVisitor,
}) => {
  const files = [
    await owner.upload("report.pdf", Buffer.from("the report")),
    await owner.upload("räksmörgås & co.txt", Buffer.from("the lunch")),
  ]
  const share = await owner.shareFiles(
    files.map(({ id }) => id),
    { title: "For Thursday", message: "Start with\nthe report." },
  )

  const page = await plainVisitor.goto(share.url)
  expect(page?.headers()["x-robots-tag"]).toContain("noindex")
  await expect(plainVisitor.getByText("Nora North sent you")).toBeVisible()
  await expect(plainVisitor.getByRole("heading", { name: "For Thursday" })).toBeVisible()
  await expect(plainVisitor.getByText("Start with the report.")).toBeVisible()
  await expect(plainVisitor.getByText(/Expires in (6\sdays\s23\shours|7\sdays)/)).toBeVisible()
  await expect(plainVisitor.getByText(/UTC/)).toBeVisible()
  await expect(plainVisitor.getByRole("button", { name: /Download all/ })).toBeHidden()

  const report = await downloadBy(plainVisitor, "Download report.pdf")
  expect(fs.readFileSync(await report.path(), "utf8")).toBe("the report")
  const lunch = await downloadBy(plainVisitor, "Download räksmörgås & co.txt")
  expect(lunch.suggestedFilename()).toBe("räksmörgås & co.txt")
  expect(fs.readFileSync(await lunch.path(), "utf8")).toBe("the lunch")
  expect(await owner.readShare(share.id)).toMatchObject({ views: 1, downloads: 1 })
})

test("a member without JavaScript signs in, views shares and signs out", async ({
  owner,
  plainVisitor,
}) => {
  const share = await owner.share("survey.pdf", { title: "Plain share" })
  await plainVisitor.goto(`/shares/${share.id}`)
  await expect(plainVisitor).toHaveURL(/\/sign-in\?next=/)
  await plainVisitor.getByLabel("Email").fill(owner.email)
  await plainVisitor.getByLabel("Password").fill("not my password")
  await plainVisitor.getByRole("button", { name: "Sign in" }).click()
  await expect(plainVisitor.getByText("Incorrect email or password.")).toBeVisible()

  await plainVisitor.getByLabel("Password").fill(owner.password)
  await plainVisitor.getByRole("button", { name: "Sign in" }).click()
  await expect(plainVisitor).toHaveURL(`/shares/${share.id}`)
  await expect(plainVisitor.getByRole("heading", { name: "Plain share" })).toBeVisible()
  const needed = plainVisitor.locator("main noscript")
  await expect(needed).toBeVisible()
  expect(await needed.textContent()).toBe("Uploads and changes require JavaScript.")
  await plainVisitor.getByRole("button", { name: "Sign out" }).first().click()
  await plainVisitor.goto("/shares")
  await expect(plainVisitor).toHaveURL(/\/sign-in/)
})

test("a form that is sent without JavaScript is refused, and what was typed is not in the address", async ({
  admin,
  owner,
  plainVisitor,
}) => {
  const { id } = await (await owner.get("/me")).json()
  await plainVisitor.goto(`/sign-in?next=/admin/members/${id}`)
  await plainVisitor.getByLabel("Email").fill(admin.email)
  await plainVisitor.getByLabel("Password").fill(admin.password)
  await plainVisitor.getByRole("button", { name: "Sign in" }).click()
  await expect(plainVisitor).toHaveURL(`/admin/members/${id}`)
  const name = plainVisitor.getByLabel("Name")
  await name.fill("Otto Harbour")
  const refused = plainVisitor.waitForResponse((answer) => answer.request().method() === "POST")
  await name.press("Enter")
  expect((await refused).status()).toBe(405)
  expect(plainVisitor.url()).not.toContain("Harbour")
})
