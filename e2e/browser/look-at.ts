import type { Locator, Page } from "@playwright/test"
import { expect } from "../fixtures.ts"
import type { Conditions, MemberClient, ShareView } from "../member-client.ts"

/** Shares files with these names, contents and types. The page lists them by name. */
export async function shareContents(
  owner: MemberClient,
  contents: [name: string, bytes: Buffer | string, contentType?: string][],
  conditions: Conditions = {},
): Promise<ShareView> {
  const ids: string[] = []
  for (const [name, bytes, contentType] of contents) {
    ids.push((await owner.upload(name, Buffer.from(bytes), contentType)).id)
  }
  return owner.shareFiles(ids, conditions)
}

/** The viewer, while it is open. */
export const viewerOf = (page: Page): Locator => page.locator("dialog[open]")

/** Opens the viewer with the link in a file's row. */
export async function lookAt(page: Page, name: string): Promise<Locator> {
  await rowLink(page, name).click()
  const viewer = viewerOf(page)
  await expect(viewer).toHaveAccessibleName(name)
  return viewer
}

/** Moves to the next file, if there is one. */
export const nextFile = (viewer: Locator) =>
  viewer.getByRole("button", { name: "Next file" }).click({ force: true })

/** The link in a file's row that leads to its preview. */
export const rowLink = (page: Page, name: string): Locator =>
  page
    .getByRole("link", { name: `Preview ${name}`, exact: true })
    .or(page.getByRole("link", { name: `Play ${name}`, exact: true }))

/** The video or audio player in the viewer. */
export const playerIn = (viewer: Locator): Locator => viewer.locator("video, audio")

export const timeOf = (player: Locator) =>
  player.evaluate((media: HTMLMediaElement) => media.currentTime)

/** Waits until playback advances beyond `from`. */
export async function expectPlaying(player: Locator, from: number) {
  await expect.poll(() => timeOf(player), { timeout: 20_000 }).toBeGreaterThan(from)
  expect(await player.evaluate((media: HTMLMediaElement) => media.paused)).toBe(false)
}

export const play = (player: Locator) =>
  player.evaluate(async (media: HTMLMediaElement) => {
    media.muted = true
    await media.play()
  })

export const seek = (player: Locator, seconds: number) =>
  player.evaluate((media: HTMLMediaElement, to) => {
    media.currentTime = to
  }, seconds)
