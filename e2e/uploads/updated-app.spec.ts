import { chooseFiles } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { holdUploads } from "../network/held-uploads.ts"

const file = (name: string, size: number) => ({
  name,
  mimeType: "application/pdf",
  buffer: Buffer.alloc(size, "x"),
})

test("a tab that uploads is not reloaded when the app is updated meanwhile", async ({
  ownerPage: page,
  installation,
}) => {
  await page.goto("/shares")
  let asked = 0
  await page.route("**/api/v1/me", async (route) => {
    const response = await route.fetch()
    const headers = { ...response.headers(), "lapse-build": "of-the-next-version" }
    await route.fulfill({ response, headers })
    asked += 1
  })
  let refreshes = 0
  page.on("request", (request) => {
    const { rsc, "next-router-prefetch": prefetch } = request.headers()
    if (rsc && !prefetch) refreshes += 1
  })
  const release = await holdUploads(page, installation, 2_000)

  await chooseFiles(page, [file("first.pdf", 1_000), file("second.pdf", 2_000)])
  const uploaded = page
    .getByRole("region", { name: "Uploads", exact: true })
    .getByText("Uploaded", { exact: true })
  await expect(uploaded).toHaveCount(1)
  await expect.poll(() => asked).toBeGreaterThan(0)
  const before = asked
  release()

  await expect(uploaded).toHaveCount(2)
  await expect.poll(() => asked).toBeGreaterThan(before)
  expect(refreshes).toBe(0)
  await page.unrouteAll({ behavior: "ignoreErrors" }) // a call may be under way
})
