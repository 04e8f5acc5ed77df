import { randomBytes } from "node:crypto"
import type { FrameLocator, Locator } from "@playwright/test"
import { lookAt, nextFile, shareContents, viewerOf } from "../browser/look-at.ts"
import { png } from "../files/make-files.ts"
import { pdf, pdfOf, textAt } from "../files/make-pdf.ts"
import { expect, test } from "../fixtures.ts"

const PDF = "application/pdf"

// The browser logs what the app and the store refuse, and what the frame may not fetch.
test.use({ allowed: [/status of (403|410)|(Connecting to|cannot load) .*\/s\//] })

const pagesOf = (count: number, ballast = 0) =>
  Array.from({ length: count }, (_, at) => ({
    content: textAt(`Page number ${at + 1}`),
    ballast: randomBytes(ballast),
  }))

const frameOf = (viewer: Locator) => viewer.frameLocator("iframe")
const pageIn = (frame: FrameLocator, number: number) =>
  frame.getByRole("group", { name: `Page ${number}`, exact: true })
const canvasIn = (frame: FrameLocator, number: number) => pageIn(frame, number).locator("canvas")

/** The number of pixels in the grey of a watermark on white. */
const markedPixels = (canvas: Locator) =>
  canvas.evaluate((drawn: HTMLCanvasElement) => {
    const image = drawn.getContext("2d")?.getImageData(0, 0, drawn.width, drawn.height)
    return image?.data.filter((value, at) => at % 4 === 0 && value >= 205 && value <= 218).length
  })

test("a view-only PDF is drawn in a frame without an origin, with the watermark in its pages, and opens nowhere else", async ({
  owner,
  visitor,
  plainVisitor,
  installation,
}) => {
  const share = await shareContents(
    owner,
    [
      ["a plan.pdf", pdfOf(pagesOf(12)), PDF],
      ["b picture.png", png(60, 40), "image/png"],
    ],
    { viewOnly: true, watermark: true },
  )
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a plan.pdf")
  const frame = frameOf(viewer)
  await expect(canvasIn(frame, 1)).toBeVisible()
  expect(await viewer.locator("iframe").getAttribute("sandbox")).toBe("allow-scripts")
  expect(visitor.frames().some((each) => each.url().startsWith(installation.storeUrl))).toBe(false)
  await expect(pageIn(frame, 1)).toHaveText("Page number 1")
  expect(await markedPixels(canvasIn(frame, 1))).toBeGreaterThan(1_000)
  await expect(viewer.locator(".viewer-watermark")).toHaveCount(0)
  const reached = await frame
    .locator("body")
    .evaluate(
      async (_, address) => [self.origin, await fetch(address).then(String, String)],
      share.url,
    )
  expect(reached).toEqual(["null", expect.stringContaining("Failed to fetch")])

  const widthOf = async () => (await canvasIn(frame, 1).boundingBox())?.width ?? 0
  const fitted = await widthOf()
  await viewer.getByRole("button", { name: "Zoom in" }).click()
  await expect.poll(widthOf).toBeGreaterThan(fitted * 1.2)
  await frame.getByRole("region").press("0")
  await expect.poll(widthOf).toBe(fitted)
  const number = viewer.getByRole("spinbutton", { name: "Page number" })
  await number.fill("9")
  await number.press("Enter")
  await expect(canvasIn(frame, 9)).toBeInViewport()
  await expect(canvasIn(frame, 1)).toHaveCount(0)
  await frame.getByRole("region").press("Escape")
  await expect(viewerOf(visitor)).toHaveCount(0)

  const [plan, picture] = share.files.map(({ id }) => `${share.url}/p/${id}`)
  for (const page of [visitor, plainVisitor]) {
    await page.goto(share.url)
    expect((await page.goto(plan ?? ""))?.status()).toBe(403)
    await expect(page.getByText("can be viewed only on the page of its link")).toBeVisible()
  }
  expect((await plainVisitor.goto(picture ?? ""))?.status()).toBe(200)
})

test("its pages are drawn after the URL has expired, by one renewal, and no more once it was revoked", async ({
  owner,
  visitor,
  installation,
}) => {
  test.skip(!process.env.HEAVY, "It waits until a URL has expired.")
  const bytes = pdfOf(pagesOf(30, 200_000))
  const conditions = { viewOnly: true, mintTtlSeconds: 15 }
  const share = await shareContents(owner, [["a plan.pdf", bytes, PDF]], conditions)
  const asked: string[] = []
  const read: string[] = []
  visitor.on("request", (request) => {
    if (request.url().includes("/p/")) asked.push(request.url())
    if (request.url().startsWith(installation.storeUrl)) read.push(request.url())
  })
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a plan.pdf")
  const frame = frameOf(viewer)
  await expect(canvasIn(frame, 1)).toBeVisible()
  const statusOf = async () =>
    (await fetch(read.at(-1) ?? "", { headers: { range: "bytes=0-0" } })).status
  await expect.poll(statusOf, { timeout: 30_000 }).toBe(403)
  const before = asked.length

  const number = viewer.getByRole("spinbutton", { name: "Page number" })
  await number.fill("15")
  await number.press("Enter")
  await expect(canvasIn(frame, 15)).toBeInViewport()
  expect(asked).toHaveLength(before + 1)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0, previews: 1 })

  await owner.post(`/shares/${share.id}/revoke`, { cutOff: true })
  await number.fill("29")
  await number.press("Enter")
  await expect(visitor.getByRole("heading", { name: "This link was revoked" })).toBeVisible()
  await expect(viewerOf(visitor)).toHaveCount(0)
})

test("hostile and damaged PDFs are drawn or explained, and never stop the page", async ({
  owner,
  visitor,
}) => {
  const dialogs: string[] = []
  visitor.on("dialog", (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const encrypted = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${"41".repeat(32)}> /U <${"42".repeat(32)}> >> /ID [<00> <00>]`
  const action = "/OpenAction << /S /JavaScript /JS (while(1)app.alert\\(1\\)) >>"
  // Each form draws the one before it ten times.
  const forms = Array.from({ length: 12 }, (_, at) => {
    const entries = `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F ${3 + at} 0 R >> >>`
    const content = at === 0 ? "0 0 5 5 re f" : "/F Do ".repeat(10)
    return `<< ${entries} /Length ${content.length} >>\nstream\n${content}\nendstream`
  })
  const whole = pdf("The plan")
  const share = await shareContents(
    owner,
    [
      ["a action.pdf", pdfOf(pagesOf(1), { catalog: action }), PDF],
      ["b count.pdf", pdfOf(pagesOf(2), { count: 1_000_000_000 }), PDF],
      ["c xref.pdf", whole.toString("latin1").replace(/startxref\n\d+/, "startxref\n7"), PDF],
      ["d large.pdf", pdfOf([{ content: "", mediaBox: "0 0 10000 10000" }]), PDF],
      ["e thin.pdf", pdfOf([{ content: "", mediaBox: "0 0 1 14400" }]), PDF],
      ["f locked.pdf", pdfOf(pagesOf(1), { trailer: encrypted }), PDF],
      ["g noise.pdf", randomBytes(3_000), PDF],
      ["h forms.pdf", pdfOf([{ content: "/X11 Do" }], { more: forms }), PDF],
    ],
    { viewOnly: true },
  )
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a action.pdf")
  const outcomes: Record<string, unknown> = {}
  for (const { name } of share.files) {
    await expect(viewer).toHaveAccessibleName(name)
    const drawn = frameOf(viewer).locator("canvas").first()
    const told = viewer.locator(".viewer-message p")
    const outcomesOf = async () => (await drawn.count()) + (await told.count())
    if (name !== "h forms.pdf") await expect.poll(outcomesOf).toBeGreaterThan(0)
    // The page answers at once, whatever its frame does.
    const answered = visitor.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
    await expect(Promise.race([answered, visitor.waitForTimeout(2_000)])).resolves.toBeDefined()
    outcomes[name] = (await told.count()) > 0 ? await told.first().textContent() : "drawn"
    if (name === "d large.pdf") {
      const pixels = await drawn.evaluate(
        (canvas: HTMLCanvasElement) => canvas.width * canvas.height,
      )
      expect(pixels).toBeLessThanOrEqual(16_100_000)
    }
    await nextFile(viewer)
  }
  const damaged = expect.stringContaining("may be damaged")
  expect(outcomes).toEqual({
    "a action.pdf": "drawn",
    "b count.pdf": "drawn",
    "c xref.pdf": "drawn",
    "d large.pdf": "drawn",
    "e thin.pdf": "drawn",
    "f locked.pdf": expect.stringContaining("protected by a password"),
    "g noise.pdf": damaged,
    "h forms.pdf": "drawn",
  })
  expect(dialogs).toEqual([])
  await viewer.getByRole("button", { name: "Close" }).click()
  await expect(viewerOf(visitor)).toHaveCount(0)
})
