import { expect, test } from "../fixtures.ts"

// app/api/permissions.test.ts tests every call.
test("another member's share, file and the admin's pages answer 404 in the browser too", async ({
  admin,
  ownerPage,
}) => {
  const share = await admin.share("secret.pdf")

  for (const path of [`/shares/${share.id}`, "/admin/shares", "/admin/members", "/admin/audit"]) {
    const answer = await ownerPage.goto(path)
    expect(answer?.status(), path).toBe(404)
    await expect(ownerPage.getByText("secret.pdf")).toHaveCount(0)
  }
})
