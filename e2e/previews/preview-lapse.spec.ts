import {
  expectPlaying,
  lookAt,
  nextFile,
  play,
  playerIn,
  seek,
  shareContents,
  timeOf,
  viewerOf,
} from "../browser/look-at.ts"
import { png, spreadFilm, wav } from "../files/make-files.ts"
import { expect, test } from "../fixtures.ts"

// The store refuses URLs that were cut off, and the browser logs that in its console.
test.use({ allowed: [/status of (403|410)|ERR_INTERNET_DISCONNECTED|ERR_FAILED/] })

const SPREAD = 7_000_000

test("a video continues at a new position after its URL has expired, playing or paused as before", async ({
  owner,
  visitor,
  installation,
}) => {
  test.setTimeout(120_000)
  const share = await shareContents(owner, [["film.mp4", spreadFilm(SPREAD), "video/mp4"]])
  const endIn = (interval: string) =>
    installation.query("UPDATE share SET expires_at = now() + $2::interval WHERE id = $1", [
      share.id,
      interval,
    ])
  // No URL outlives its link, so the URL of a link that ends soon expires soon.
  await endIn("6 seconds")
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "film.mp4")
  const film = playerIn(viewer)
  await expect(film).toHaveJSProperty("readyState", 4)
  await film.evaluate((video: HTMLVideoElement) => video.pause())
  const first = await film.evaluate((video: HTMLVideoElement) => video.src)
  await endIn("1 hour")
  await expect
    .poll(async () => (await fetch(first, { headers: { range: "bytes=0-0" } })).status)
    .toBe(403)

  await seek(film, 15)
  await expect(film).not.toHaveJSProperty("src", first)
  await expect(film).toHaveJSProperty("readyState", 4)
  expect(await timeOf(film)).toBeCloseTo(15, 0)
  expect(await film.evaluate((video: HTMLVideoElement) => video.paused)).toBe(true)

  await film.evaluate((video: HTMLVideoElement) => {
    video.playbackRate = 1.5
  })
  await play(film)
  await expectPlaying(film, 15.5)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0, previews: 1 })
})

test("a playing sound continues by itself after its URLs were cut off", async ({
  owner,
  visitor,
}) => {
  test.setTimeout(120_000)
  const share = await shareContents(owner, [["wave.wav", wav(45), "audio/wav"]])
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "wave.wav")
  const sound = playerIn(viewer)
  await play(sound)
  await expectPlaying(sound, 0.3)
  const first = await sound.evaluate((audio: HTMLAudioElement) => audio.src)

  const cutOff = await owner.post(`/files/${share.files[0]?.id}/cut-off`)
  expect(cutOff.status()).toBe(202)
  await expect
    .poll(async () => (await fetch(first, { headers: { range: "bytes=0-0" } })).status)
    .toBe(403)
  // The browser plays buffered data without the store; a seek sends a request.
  await seek(sound, 40)
  await expectPlaying(sound, 40.3)
  expect(await sound.evaluate((audio: HTMLAudioElement) => audio.src)).not.toBe(first)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0, previews: 1 })
})

test("a text is read further after its URL was cut off", async ({
  owner,
  visitor,
  installation,
}) => {
  test.setTimeout(90_000)
  const text = Array.from({ length: 150_000 }, (_, at) => `line ${at}\n`).join("")
  const share = await shareContents(owner, [["long.txt", text, "text/plain"]])
  const addresses: string[] = []
  visitor.on("request", (request) => {
    if (request.url().startsWith(installation.storeUrl)) addresses.push(request.url())
  })
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "long.txt")
  await expect(viewer.getByText(/^Showing the first 1 MB of/)).toBeVisible()
  expect((await owner.post(`/files/${share.files[0]?.id}/cut-off`)).status()).toBe(202)
  await expect
    .poll(async () => (await fetch(addresses[0] ?? "", { headers: { range: "bytes=0-0" } })).status)
    .toBe(403)
  await viewer.getByRole("button", { name: "Show more" }).click()
  await expect(viewer.locator("pre")).toContainText("line 149999")
})

test("a link that was closed meanwhile says so in place of the next file", async ({
  owner,
  visitor,
}) => {
  const share = await shareContents(owner, [
    ["a.png", png(90, 90), "image/png"],
    ["b.png", png(91, 90), "image/png"],
  ])
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a.png")
  await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 90)
  await owner.post(`/shares/${share.id}/revoke`)
  await nextFile(viewer)
  await expect(visitor.getByRole("heading", { name: "This link was revoked" })).toBeVisible()
  await expect(viewerOf(visitor)).toHaveCount(0)
})

test("without a network the viewer says so, and shows the file once there is one", async ({
  owner,
  visitor,
}) => {
  const share = await shareContents(owner, [
    ["a.png", png(90, 90), "image/png"],
    ["b.png", png(91, 90), "image/png"],
  ])
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a.png")
  await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 90)
  await visitor.context().setOffline(true)
  await nextFile(viewer)
  await expect(viewer.locator(".viewer-message")).toContainText("The file couldn’t be loaded")
  await visitor.context().setOffline(false)
  await viewer.getByRole("button", { name: "Try again" }).click()
  await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 91)
})
