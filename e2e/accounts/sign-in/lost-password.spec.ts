import { expect, test } from "../../fixtures.ts"
import { postCredentials } from "../../member-client.ts"

const NEW = "an entirely different sentence"

// The page of a used link, and a refused password.
test.use({ allowed: [/status of (400|410)/] })

test("a member who lost the password sets a new one by an admin's link, which works once; without mail the page of a forgotten password says so, and so do invitations and notices", async ({
  join,
  adminPage,
  visitor,
  plainVisitor,
  browse,
  installation,
}) => {
  await plainVisitor.goto("/sign-in")
  await plainVisitor.getByRole("link", { name: "Forgot your password?" }).click()
  await expect(plainVisitor.getByRole("heading", { name: "Ask an admin for a link" })).toBeVisible()
  await adminPage.goto("/settings")
  await expect(adminPage.getByText("can’t send mail yet. Ask your admin for help.")).toBeVisible()
  await adminPage.goto("/admin/settings/mail")
  await expect(adminPage.getByText("Mail is off")).toBeVisible()

  const member = await join("Lotte Lost")
  await adminPage.goto(`/admin/members?q=${member.email}`)
  await adminPage.getByRole("button", { name: "Actions for Lotte Lost" }).click()
  await adminPage.getByRole("menuitem", { name: "Reset password…" }).click()
  await adminPage.getByRole("button", { name: "Create link" }).click()
  const link = await adminPage.getByLabel("Password reset link").inputValue()
  expect((await member.get("/me")).status()).toBe(200)

  await visitor.goto(link)
  await visitor.getByLabel("New password").fill("short")
  await visitor.getByLabel("New password").evaluate((field) => field.removeAttribute("minlength"))
  await visitor.getByRole("button", { name: "Save and sign in" }).click()
  await expect(visitor.getByText("Use at least 10 characters.").last()).toBeVisible()
  await visitor.getByLabel("New password").fill(NEW)
  await visitor.getByRole("button", { name: "Save and sign in" }).click()
  await visitor.waitForURL("**/shares")

  expect((await member.get("/me")).status()).toBe(401)
  const late = await browse()
  expect((await late.goto(link))?.status()).toBe(410)
  await expect(late.getByText("This link is no longer valid")).toBeVisible()
  await adminPage.goto("/admin/audit")
  await expect(adminPage.getByText("chose a new password with a reset link")).toBeVisible()

  const fresh = await browse()
  const answer = await postCredentials(fresh.request, { email: member.email, password: NEW })
  expect(answer.status()).toBe(200)
  expect(installation.lines().join("\n")).not.toContain(link.split("/").at(-1))
})

test("the operator resets an admin's password from the command line, and both actions are in the audit log", async ({
  join,
  installation,
  plainVisitor,
  adminPage,
}) => {
  const member = await join("Otto Only")
  const made = await installation.lapse(["make-admin", member.email])
  expect(made).toEqual({ code: 0, said: expect.stringContaining("Otto Only is an admin now.") })

  const { code, said } = await installation.lapse(["reset-password", member.email])
  expect(code).toBe(0)
  const link = /http\S+\/reset\/\S+/.exec(said)?.[0] ?? ""
  await plainVisitor.goto(link)
  await plainVisitor.getByLabel("New password").fill(NEW)
  await plainVisitor.getByRole("button", { name: "Save and sign in" }).click()
  await plainVisitor.waitForURL("**/shares")
  expect((await plainVisitor.goto("/admin/members"))?.status()).toBe(200)

  await adminPage.goto("/admin/audit")
  await expect(adminPage.getByText(/created a password reset link for Otto Only/)).toBeVisible()
  await expect(adminPage.getByText(/gave Otto Only <.*> the admin role/)).toBeVisible()
  const unknown = await installation.lapse(["reset-password", "nobody@example.org"])
  expect(unknown).toEqual({ code: 1, said: expect.stringContaining("Member not found.") })
})
