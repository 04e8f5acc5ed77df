import fs from "node:fs"
import path from "node:path"
import { PutObjectCommand } from "@aws-sdk/client-s3"
import { hash as bcrypt } from "@node-rs/bcrypt"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { verifyCredentials } from "#lib/rooms/accounts/sign-in/verify-credentials.ts"
import { unlockLink } from "#lib/rooms/claims/open/unlock-link.ts"
import { aPalmr } from "#testing/old-apps/a-palmr.ts"
import { aStoreBucket } from "#testing/old-apps/a-store-bucket.ts"
import {
  memberOf,
  pageAt,
  prepareImports,
  shareAt,
  textOf,
} from "#testing/old-apps/prepare-imports.ts"

const { directory, plan, importFrom } = prepareImports()

const NOBODY = { agent: null, referrer: null, visitor: Buffer.alloc(8) }
describe("an import from Palmr", () => {
  it("brings folders, aliases and bcrypt passwords, which become argon2id at their first use", async () => {
    const palmr = aPalmr(directory())
    const [own, link] = [await bcrypt("a good password", 10), await bcrypt("open sesame", 10)]
    const grace = palmr.user({ email: "grace@example.org", password: own, isAdmin: 1 })
    palmr.user({ email: "gone@example.org", password: own, isActive: 0 })
    const outer = palmr.folder(grace, "Harbour")
    const inner = palmr.folder(grace, "Photos", outer)
    const file = palmr.file({ userId: grace, name: "list.csv", bytes: "a,b" })
    palmr.file({ userId: grace, name: "schöner tag.jpg", bytes: "photo", folderId: inner })
    palmr.share(
      { name: "Everything", creatorId: grace, views: 4 },
      {
        files: [file],
        folders: [outer],
        security: { password: link, maxViews: 4 },
        alias: "harbour",
      },
    )
    palmr.share({ name: "Without an alias", creatorId: grace }, { files: [file] })
    const reverse = palmr.insert("reverse_shares", { name: "Send me", creatorId: grace })
    const received = `reverse-shares/x/1-guest.txt`
    palmr.file({ userId: grace, name: "unused.txt", bytes: "guest", objectName: received })
    palmr.insert("reverse_share_files", {
      name: "guest.txt",
      extension: "txt",
      size: 5,
      objectName: received,
      reverseShareId: reverse,
    })
    palmr.close()

    expect(await importFrom("palmr")).toMatchObject({ members: 2, files: 4, shares: 2, failed: [] })

    const { id, role } = await memberOf("grace@example.org")
    expect(role).toBe("admin")
    expect((await memberOf("gone@example.org")).disabledAt).not.toBeNull()
    const paths = await db.file.findMany({
      select: { path: true, name: true },
      orderBy: { name: "asc" },
    })
    expect(paths).toEqual([
      { path: "Send me", name: "guest.txt" },
      { path: "", name: "list.csv" },
      { path: "Harbour/Photos", name: "schöner tag.jpg" },
      { path: "", name: "unused.txt" },
    ])
    const share = await shareAt("harbour")
    expect(share).toMatchObject({
      title: "Everything",
      maxDownloads: 4,
      downloads: 4,
      atLimit: true,
    })
    const publicId = (await db.link.findFirstOrThrow({ where: { shareId: share?.id ?? "" } }))
      .publicId
    const unlock = (password: string) =>
      unlockLink({ publicId, password, address: "192.0.2.1", source: NOBODY })
    expect(await unlock("wrong")).toBeNull()
    expect((await shareAt("harbour"))?.passwordHash).toBe(link)
    expect(await unlock("open sesame")).not.toBeNull()
    expect((await shareAt("harbour"))?.passwordHash).toMatch(/^\$argon2id\$/)
    expect(await unlock("open sesame")).not.toBeNull()

    const signIn = { email: "grace@example.org", password: "a good password", address: "192.0.2.1" }
    expect(await verifyCredentials({ ...signIn, password: "wrong" })).toBeNull()
    const both = await Promise.all([verifyCredentials(signIn), verifyCredentials(signIn)])
    expect(both).toEqual([
      { memberId: id, sessionEpoch: 0 },
      { memberId: id, sessionEpoch: 0 },
    ])
    expect((await memberOf("grace@example.org")).passwordHash).toMatch(/^\$argon2id\$/)
    expect(await verifyCredentials(signIn)).not.toBeNull()
  })

  it("never opens a share whose password it cannot keep", async () => {
    const palmr = aPalmr(directory())
    const grace = palmr.user({ email: "grace@example.org", password: `$2b$31$${"a".repeat(53)}` })
    const file = palmr.file({ userId: grace, name: "a.txt" })
    const security = {
      password: "$argon2id$v=19$m=99999999,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
    }
    palmr.share({ name: "Secret", creatorId: grace }, { files: [file], security, alias: "secret" })
    const damaged = { password: new Uint8Array([1, 2]), maxViews: -3 }
    palmr.share({ creatorId: grace }, { files: [file], security: damaged, alias: "damaged" })
    palmr.share({ creatorId: grace }, { files: [file], alias: "lost" })
    palmr.exec("DELETE FROM share_security WHERE password IS NULL")
    const { plan: planned } = await importFrom("palmr")
    expect(planned.leftOut.map(({ why }) => why)).toContain(
      "nobody can open it until its owner sets another",
    )
    for (const id of ["secret", "damaged", "lost"])
      expect(await pageAt(id)).toMatchObject({ state: "locked" })
    expect(await shareAt("damaged")).toMatchObject({ maxDownloads: 1 })
    expect((await shareAt("secret"))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,/)
    expect((await memberOf("grace@example.org")).passwordHash).toMatch(
      /^\$argon2id\$v=19\$m=19456,/,
    )
  })

  it("says that bytes are in a bucket, and copies them when it is named", async () => {
    const { client, bucket } = await aStoreBucket()
    const palmr = aPalmr(directory())
    const grace = palmr.user({ email: "grace@example.org" })
    const objectName = `${grace}/1-file name.txt`
    palmr.share(
      { name: "In S3", creatorId: grace },
      { files: [palmr.file({ userId: grace, name: "file name.txt", bytes: "in s3", objectName })] },
    )
    fs.rmSync(path.join(directory(), "uploads"), { recursive: true })
    const reasons = (await plan("palmr")).leftOut.map(({ why }) => why)
    expect(reasons).toContainEqual(expect.stringContaining("name it by --bucket"))
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: objectName, Body: "in s3" }))
    expect(await importFrom("palmr", bucket)).toMatchObject({ files: 1, shares: 1, failed: [] })
    expect(await textOf("file name.txt")).toBe("in s3")
    client.destroy()
  })
})
