import type { Locator } from "@playwright/test"
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

test("a video continues at a new position after its URL was cut off, playing or paused as before, and a playing sound by itself", async ({
  owner,
  visitor,
}) => {
  const share = await shareContents(owner, [
    ["film.mp4", spreadFilm(SPREAD), "video/mp4"],
    ["wave.wav", wav(45), "audio/wav"],
  ])
  const addressOf = (player: Locator) => player.evaluate((media: HTMLMediaElement) => media.src)
  /** Cuts the file's URLs off; returns the one that the player has. */
  const cutOff = async (player: Locator, at: number) => {
    const url = await addressOf(player)
    expect((await owner.post(`/files/${share.files[at]?.id}/cut-off`)).status()).toBe(202)
    await expect
      .poll(async () => (await fetch(url, { headers: { range: "bytes=0-0" } })).status)
      .toBe(403)
    return url
  }
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "film.mp4")
  const player = playerIn(viewer)
  await expect(player).toHaveJSProperty("readyState", 4)
  await player.evaluate((video: HTMLVideoElement) => video.pause())
  const first = await cutOff(player, 0)
  await seek(player, 15)
  await expect(player).not.toHaveJSProperty("src", first)
  await expect(player).toHaveJSProperty("readyState", 4)
  expect(await timeOf(player)).toBeCloseTo(15, 0)
  expect(await player.evaluate((video: HTMLVideoElement) => video.paused)).toBe(true)
  await player.evaluate((video: HTMLVideoElement) => {
    video.playbackRate = 1.5
  })
  await play(player)
  await expectPlaying(player, 15.5)

  await nextFile(viewer)
  await expect(viewer).toHaveAccessibleName("wave.wav")
  const sound = viewer.locator("audio")
  await play(sound)
  await expectPlaying(sound, 0.3)
  const second = await cutOff(sound, 1)
  // The browser plays buffered data without the store; a seek sends a request.
  await seek(sound, 40)
  await expectPlaying(sound, 40.3)
  expect(await addressOf(sound)).not.toBe(second)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0, previews: 2 })
})

test("without a network the viewer says so, and shows the file once there is one; a link that was closed meanwhile says so in its place", async ({
  owner,
  visitor,
}) => {
  const share = await shareContents(owner, [
    ["a.png", png(90, 90), "image/png"],
    ["b.png", png(91, 90), "image/png"],
    ["c.png", png(92, 90), "image/png"],
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

  await owner.post(`/shares/${share.id}/revoke`)
  await nextFile(viewer)
  await expect(visitor.getByRole("heading", { name: "This link was revoked" })).toBeVisible()
  await expect(viewerOf(visitor)).toHaveCount(0)
})
