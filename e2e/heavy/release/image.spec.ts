import { readdirSync, statSync } from "node:fs"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { MIB } from "#testing/units.ts"
import { ADMIN } from "../../installation/own-installation.ts"
import { type ShareView, signInClient } from "../../member-client.ts"
import { cannotRun, makeVolume, runIn, startIn, unpackedBytes } from "./chroot.ts"
import { buildImage, type Image } from "./image.ts"
import { keepClicking } from "./keep-clicking.ts"

const skipped = cannotRun("buildah", "mmdebstrap", "unshare")

test.describe("the image", () => {
  test.skip(Boolean(skipped), String(skipped))
  test.describe.configure({ mode: "serial", timeout: 240_000 })

  let image: Image
  test.beforeAll(() => {
    test.setTimeout(1_200_000)
    image = buildImage()
  })
  test.afterAll(() => image?.remove())

  const place = (data: string, user: string) => ({
    root: image.root,
    data,
    user,
    env: { ...image.env, ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password },
  })

  test("is small, runs as an ordinary user unless told otherwise, and has no secret in it", () => {
    expect(unpackedBytes(image.root)).toBeLessThan(450 * MIB)
    expect(image.user).toBe("1000:1000")
    expect(Object.keys(image.env).filter((name) => /SECRET|PASSWORD|TOKEN|KEY/.test(name))).toEqual(
      [],
    )
    expect(readdirSync(path.join(image.root, "data"))).toEqual([])
  })

  for (const user of ["0:0", "1000:1000", "99:100", "12345:0"]) {
    test(`runs as user ${user} on a read-only root and a new volume, keeps its data over a restart, and loses no click to SIGTERM`, async () => {
      const volume = makeVolume()
      const first = await startIn(place(volume.path, user), image.command)
      expect(await (await fetch(`${first.url}/api/health`)).json()).toMatchObject({
        status: "ok",
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      })
      const member = await signInClient(first.url, ADMIN)
      const share: ShareView = await member.share("harbour.pdf", {})
      const clicks = keepClicking(share)
      await expect.poll(clicks.answered).toBeGreaterThan(100)
      expect(await first.stop()).toBe(0)
      const answered = await clicks.stop()
      expect(first.said()).not.toMatch(/EROFS|EACCES|Error/)
      const { uid } = statSync(path.join(volume.path, "secrets/link-secret"))
      expect(uid).toBe(Number(user.split(":")[0]))

      const second = await startIn(place(volume.path, user), image.command)
      const again = await signInClient(second.url, ADMIN)
      const { downloads } = await again.readShare(share.id)
      expect(downloads).toBeGreaterThanOrEqual(answered)
      expect(await second.stop()).toBe(0)
      volume.remove()
    })
  }

  test("ends with one sentence that has the mend where the data belongs to another user", async () => {
    const volume = makeVolume(0o755)
    const { code, said } = await runIn(place(volume.path, "1000:1000"), image.command)

    expect(said.trim()).toMatch(
      /^\/data belongs to root \(0\) and Lapse runs as user 1000[^\n]*chown -R 1000:1000[^\n]*$/,
    )
    expect(code).toBe(1)
    volume.remove()
  })
})
