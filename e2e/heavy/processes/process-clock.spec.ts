import fs from "node:fs"
import path from "node:path"
import { shiftedClock } from "#testing/shifted-clock.ts"
import { MINUTE } from "#testing/units.ts"
import { expect } from "../../fixtures.ts"
import { ADMIN, test } from "../../installation/own-installation.ts"
import {
  databaseUrl,
  type Installation,
  startInstallation,
} from "../../installation/start-installation.ts"
import { signInClient } from "../../member-client.ts"
import { downloadBy } from "../../network/send-click.ts"

const SESSION_MINUTES = 30 * 24 * 60

for (const minutes of [10, -20]) {
  test(`a replica whose clock is ${minutes} minutes off uploads, downloads and ends shares and invitations when the database says so`, async ({
    own,
    browser,
  }) => {
    test.setTimeout(180_000)
    const replica = await startInstallation({ ...replicaOf(own), ...shiftedClock(minutes) })
    const member = await signInClient(replica.url, ADMIN)
    const context = await browser.newContext({
      baseURL: replica.url,
      storageState: await member.context.storageState(),
    })
    const page = await context.newPage()
    const now = async () => {
      const [row] = await own.query<{ now: Date }>("SELECT clock_timestamp() AS now")
      return Number(row?.now)
    }
    /**
     * Fails unless the time is this many minutes after the database's, within the duration of a
     * test.
     */
    const expectAfter = async (time: string | null | undefined, wanted: number) => {
      const after = (Date.parse(time ?? "") - (await now())) / MINUTE
      expect(after).toBeLessThan(wanted + 0.1)
      expect(after).toBeGreaterThan(wanted - 2)
    }
    try {
      // next-auth computes the expiry from the clock of the process.
      const { expires } = await (await member.context.get("/api/auth/session")).json()
      const off = (Date.parse(expires) - (await now())) / MINUTE - SESSION_MINUTES
      expect(Math.round(off), "the clock of the process is off").toBe(minutes)

      const share = await member.share("survey.pdf") // by a signed PUT
      await page.goto(share.url)
      const download = await downloadBy(page, /^Download/)
      expect(fs.readFileSync(await download.path(), "utf8")).toBe("the bytes of survey.pdf")

      await page.clock.install({ time: (await now()) - minutes * MINUTE }) // the browser's clock is off too
      await page.goto(`/shares/${share.id}`)
      await page.getByRole("button", { name: "Edit" }).first().click()
      const dialog = page.getByRole("dialog", { name: "survey.pdf" })
      await dialog.getByLabel("Expires", { exact: true }).selectOption("hour")
      await expectAfter(await dialog.locator("time").first().getAttribute("datetime"), 60)
      await dialog.getByRole("button", { name: "Close" }).click()
      await expect(dialog).toBeHidden()
      const { expiresAt } = await (await member.get(`/shares/${share.id}`)).json()
      await expectAfter(expiresAt, 60)

      const invite = await (await member.post("/admin/users/invites", {})).json()
      await expectAfter(invite.expiresAt, 7 * 24 * 60)
      for (const [end, status] of [
        ["5 minutes", 200],
        ["-5 minutes", 410],
      ] as const) {
        await own.query("UPDATE share SET expires_at = now() + $1::interval", [end])
        await own.query("UPDATE invite SET expires_at = now() + $1::interval", [end])
        expect((await member.context.get(share.url)).status()).toBe(status)
        expect((await member.context.get(invite.url)).status()).toBe(status)
      }
      expect(await (await member.context.get("/api/health")).json()).toMatchObject({ clocks: "ok" })
    } finally {
      await context.close()
      await member.context.dispose()
      await replica.remove()
    }
  })
}

/** The settings of a second process on the database and the store of an installation. */
function replicaOf({ data, storeUrl }: Installation) {
  const secret = (name: string) => fs.readFileSync(path.join(data, "secrets", name), "utf8").trim()
  return {
    DATABASE_URL: databaseUrl(data),
    AUTH_SECRET: secret("auth-secret"),
    LINK_SECRET: secret("link-secret"),
    S3_BUCKET: "lapse",
    S3_REGION: "us-east-1",
    S3_ENDPOINT: storeUrl,
    S3_FORCE_PATH_STYLE: "true",
    AWS_ACCESS_KEY_ID: secret("local-s3-access-key-id"),
    AWS_SECRET_ACCESS_KEY: secret("local-s3-secret-access-key"),
  }
}
