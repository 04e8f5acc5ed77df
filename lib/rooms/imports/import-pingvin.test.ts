import { execFileSync } from "node:child_process"
import fs from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { PutObjectCommand } from "@aws-sdk/client-s3"
import { hash as argon2 } from "@node-rs/argon2"
import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { verifyCredentials } from "#lib/rooms/accounts/sign-in/verify-credentials.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { readSource } from "#lib/rooms/imports/sources/read-source.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { aPingvin } from "#testing/old-apps/a-pingvin.ts"
import { aStoreBucket } from "#testing/old-apps/a-store-bucket.ts"
import {
  ADMIN,
  memberOf,
  pageAt,
  prepareImports,
  shareAt,
  textOf,
} from "#testing/old-apps/prepare-imports.ts"
import { DAY } from "#testing/units.ts"

const { directory, plan, importFrom } = prepareImports()

const counts = async () => ({
  members: await db.member.count(),
  files: await db.file.count({ where: { deletedAt: null } }),
  shares: await db.share.count(),
  links: await db.oldLink.count(),
})

describe("an import from Pingvin Share", () => {
  it("brings members, files and shares with their conditions, and old links lead to them", async () => {
    const pingvin = aPingvin(directory())
    const password = await argon2("a good password", {
      memoryCost: 65_536,
      timeCost: 3,
      parallelism: 4,
    })
    const ada = pingvin.user({ username: "Ada", email: "Ada@Example.org", password, isAdmin: 1 })
    const grace = pingvin.user({ username: "Grace", email: "grace@example.org" })
    pingvin.share(
      {
        id: "photos",
        name: "Photos",
        description: "From the harbour",
        creatorId: ada,
        views: 7,
        expiration: 0,
      },
      { "b.jpg": "boat", "a/notes.txt": "notes" },
    )
    const end = Date.now() + 3 * DAY
    pingvin.share({ id: "limited", creatorId: grace, views: 3, expiration: end })
    pingvin.security("limited", { maxViews: 5, password: await argon2("open sesame") })
    pingvin.close()

    const { members, files, shares, failed } = await importFrom("pingvin")

    expect({ members, files, shares, failed }).toEqual({
      members: 2,
      files: 3,
      shares: 2,
      failed: [],
    })
    const owner = await memberOf("ada@example.org")
    expect(owner).toMatchObject({ name: "Ada", role: "admin", usedBytes: 9n })
    expect(
      await verifyCredentials({
        email: "ada@example.org",
        password: "a good password",
        address: "192.0.2.1",
      }),
    ).toMatchObject({ memberId: owner.id })
    expect((await memberOf("ada@example.org")).passwordHash).toBe(password)
    expect((await memberOf("grace@example.org")).role).toBe("member")
    const photos = await requireShare(owner.id, (await shareAt("photos"))?.id ?? "")
    expect(photos).toMatchObject({
      title: "Photos",
      message: "From the harbour",
      status: "open",
      expiresAt: null,
      views: 7,
      hasPassword: false,
      createdAt: "2024-05-06T07:08:09.000Z",
    })
    expect(
      photos.files.map(({ path, name, size, contentType, status }) => [
        path,
        name,
        size,
        contentType,
        status,
      ]),
    ).toEqual([
      ["a", "notes.txt", 5, "text/plain; charset=utf-8", "ready"],
      ["", "b.jpg", 4, "image/jpeg", "ready"],
    ])
    expect(await textOf("b.jpg")).toBe("boat")
    expect(await shareAt("limited")).toMatchObject({
      expiresAt: new Date(end),
      maxDownloads: 5,
      downloads: 3,
      passwordHash: expect.stringContaining("$argon2id$"),
    })
    expect(await pageAt("limited")).toMatchObject({ state: "locked" })
    expect(await pageAt("photos")).toMatchObject({ state: "open" })
    expect(await shareAt("Photos")).toBeNull()
  })

  it("brings a file that is stored in parts, beside a member's own uploads", async () => {
    const pingvin = aPingvin(directory())
    const user = pingvin.user({ email: "ada@example.org" })
    await importFrom("pingvin")
    const ada = await memberOf("ada@example.org")
    const size = 17 * 1024 ** 2
    pingvin.share({ id: "large", creatorId: user }, { "film.mp4": "x".repeat(size) })

    const [imported] = await Promise.all([
      importFrom("pingvin"),
      ...Array.from({ length: 5 }, () => aFile({ owner: ada.id, bytes: "0123456789" })),
    ])

    expect(imported).toMatchObject({ files: 1, shares: 1, failed: [] })
    expect(await pageAt("large")).toMatchObject({
      files: [{ name: "film.mp4", size, sha256: null }],
    })
    expect((await textOf("film.mp4")).length).toBe(size)
    expect((await memberOf("ada@example.org")).usedBytes).toBe(BigInt(size + 50))
  })

  it("says beforehand what it will import and what not, and changes nothing", async () => {
    const pingvin = aPingvin(directory())
    const ada = pingvin.user({ email: "ada@example.org" })
    pingvin.user({ email: "no address" })
    pingvin.share({ id: "good", creatorId: ada })
    pingvin.share({ id: "unfinished", creatorId: ada, uploadLocked: 0 })
    pingvin.share({ id: "removed", creatorId: ada, removedReason: "a virus" })
    pingvin.share({ id: "empty", creatorId: ada }, {})
    pingvin.share({ id: "s3", creatorId: ada, storageProvider: "S3" })
    const lost = pingvin.share({ id: "lost", creatorId: ada })
    fs.rmSync(path.join(directory(), "uploads/shares", lost), { recursive: true })
    const short = pingvin.file("good", "short.txt", "four")
    fs.writeFileSync(path.join(directory(), "uploads/shares/good", short), "longer than four")
    const received = pingvin.reverseShare(ada, { publicAccess: 0 })
    pingvin.share({ id: "private", reverseShareId: received }, { "from-a-guest.txt": "hello" })
    pingvin.share({ id: "anonymous" })
    pingvin.share({ id: "restricted", creatorId: ada }, { "for-two.txt": "hello" })
    pingvin.security("restricted", { restrictToRecipients: 1 })
    const before = await counts()

    const planned = await plan("pingvin")

    expect(planned.shares.map(({ source, owner }) => [source.id, owner])).toEqual([
      ["good", "ada@example.org"],
      ["anonymous", ADMIN],
    ])
    expect(planned.files.map(({ source }) => source.name).toSorted()).toEqual([
      "a.txt",
      "a.txt",
      "for-two.txt",
      "from-a-guest.txt",
    ])
    const why = Object.fromEntries(planned.leftOut.map(({ what, why }) => [what, why]))
    expect(why).toMatchObject({
      "the share /share/unfinished": expect.stringContaining("never completed"),
      "the share /share/removed": expect.stringContaining("a virus"),
      "the share “empty” of ada@example.org": expect.stringContaining("none of its files"),
      "the share “lost” of ada@example.org": expect.stringContaining("none of its files"),
      "the share /share/private": expect.stringContaining("its link does not"),
      "the share /share/restricted": expect.stringContaining("its recipients alone"),
      "the file “short.txt” of ada@example.org in the share “good”":
        expect.stringContaining("16 bytes in place of 4"),
      "the member no address": expect.stringContaining("no email address"),
      "the password of ada@example.org": expect.stringContaining("reset link"),
    })
    expect(await counts()).toEqual(before)
  })

  it("opens no link where only recipients with a code may open one, and says so beforehand", async () => {
    const pingvin = aPingvin(directory())
    const ada = pingvin.user({ email: "ada@example.org" })
    pingvin.share({ id: "older", creatorId: ada })
    await importFrom("pingvin")
    await changeSettings(acting(await anAdmin()), { verifiedOnly: true })
    pingvin.share({ id: "photos", name: "Photos", creatorId: ada })

    expect((await plan("pingvin")).leftOut).toContainEqual({
      what: "the link of the share “Photos” of ada@example.org",
      why: expect.stringContaining("a code"),
    })
    await importFrom("pingvin")
    expect(await pageAt("photos")).toMatchObject({ state: "revoked" })
    expect(await pageAt("older")).toMatchObject({ state: "open" })
    expect(await shareAt("photos")).toMatchObject({ revokedAt: null })
  })

  it("brings members who never verified their address disabled, and names them", async () => {
    const pingvin = aPingvin(directory())
    pingvin.user({ email: "ada@example.org" })
    pingvin.user({ email: "mallory@example.org", isActivated: 0 })
    pingvin.close()

    const { plan: planned } = await importFrom("pingvin")

    expect(await memberOf("mallory@example.org")).toMatchObject({ disabledAt: expect.any(Date) })
    expect(await memberOf("ada@example.org")).toMatchObject({ disabledAt: null })
    expect(planned.leftOut.filter(({ why }) => why.includes("disabled"))).toEqual([
      { what: "the member mallory@example.org", why: expect.stringContaining("never verified") },
    ])
    // They are reported only once: now they exist here, and an admin may have enabled them.
    expect((await plan("pingvin")).leftOut.filter(({ why }) => why.includes("disabled"))).toEqual(
      [],
    )
  })

  it("makes nothing twice, whatever is repeated, and adds what was missing", async () => {
    const pingvin = aPingvin(directory())
    const ada = pingvin.user({ email: "ada@example.org" })
    pingvin.share({ id: "one", creatorId: ada }, { "a.txt": "a", "b.txt": "b" })
    const late = pingvin.file("one", "late.txt", "late")
    const latePath = path.join(directory(), "uploads/shares/one", late)
    fs.renameSync(latePath, `${latePath}.away`)
    await importFrom("pingvin")
    const first = await counts()
    expect(first).toEqual({ members: 2, files: 2, shares: 1, links: 1 })

    await importFrom("pingvin")
    expect(await counts()).toEqual(first)

    // a later secret signs, and the rows of the earlier one are still known
    const secrets = configuration.LINK_SECRET
    configuration.LINK_SECRET = ["another-link-secret-that-only-tests-use", ...secrets]
    fs.renameSync(`${latePath}.away`, latePath)
    const { files, shares } = await importFrom("pingvin")
    expect({ files, shares }).toEqual({ files: 1, shares: 1 })
    expect(await counts()).toEqual({ ...first, files: 3 })
    expect(await pageAt("one")).toMatchObject({ files: [{}, {}, { name: "late.txt" }] })
    configuration.LINK_SECRET = secrets
  })

  it("brings back nothing that was deleted since", async () => {
    const pingvin = aPingvin(directory())
    const id = pingvin.user({ email: "ada@example.org" })
    pingvin.share({ id: "one", creatorId: id }, { "a.txt": "a", "b.txt": "b" })
    await importFrom("pingvin")
    const { id: ada } = await memberOf("ada@example.org")
    const { id: fileId } = await db.file.findFirstOrThrow({ where: { name: "a.txt" } })
    await deleteFile(ada, fileId)
    const { files, plan: planned } = await importFrom("pingvin")
    expect([files, planned.files]).toEqual([0, []])
    expect(await db.file.count({ where: { deletedAt: null } })).toBe(1)
  })

  it("replaces the upload that a killed import left, and counts each file once", async () => {
    const pingvin = aPingvin(directory())
    const user = pingvin.user({ email: "ada@example.org" })
    pingvin.share({ id: "one", creatorId: user }, { "a.txt": "some bytes" })
    await importFrom("pingvin")
    const { id: ada } = await memberOf("ada@example.org")
    // the state after a kill before the share was made and its file completed
    await db.share.deleteMany()
    await db.imported.deleteMany({ where: { fileId: null } })
    await db.oldLink.deleteMany()
    await db.$executeRaw`UPDATE file SET status = 'uploading', object_key = NULL, ready_at = NULL`
    await db.$executeRaw`UPDATE object SET state = 'uploading', live_since = NULL`
    await startUpload(acting(ada), {
      name: "of Ada herself.txt",
      size: 3,
      contentType: "text/plain",
    })

    const { files, shares } = await importFrom("pingvin")

    expect({ files, shares }).toEqual({ files: 1, shares: 1 })
    expect(await pageAt("one")).toMatchObject({ files: [{ name: "a.txt" }] })
    expect(
      await db.file.findMany({ select: { name: true, status: true }, orderBy: { id: "asc" } }),
    ).toEqual([
      { name: "a.txt", status: "abandoned" },
      { name: "of Ada herself.txt", status: "uploading" },
      { name: "a.txt", status: "ready" },
    ])
  })

  it("reads nothing outside of its directory, and no pipe", async () => {
    const outside = fs.mkdtempSync(path.join(tmpdir(), "lapse-outside-"))
    fs.writeFileSync(path.join(outside, "secret"), "secret")
    const pingvin = aPingvin(directory())
    const ada = pingvin.user({ email: "ada@example.org" })
    const folder = path.join(directory(), "uploads/shares/trap")
    pingvin.share({ id: "trap", creatorId: ada }, { "good.txt": "good" })
    const evil = (id: string, size = 6) =>
      pingvin.insert("File", {
        id,
        createdAt: 0,
        name: `${id.slice(-9)}.txt`,
        size: String(size),
        shareId: "trap",
      })
    evil(`../../../../${path.basename(outside)}/secret`)
    evil("link")
    fs.symlinkSync(path.join(outside, "secret"), path.join(folder, "link"))
    evil("pipe", 0)
    execFileSync("mkfifo", [path.join(folder, "pipe")])
    evil("nul\0byte")
    pingvin.share({ id: "../../..", creatorId: ada }, {})
    pingvin.insert("File", {
      id: "etc/passwd",
      createdAt: 0,
      name: "passwd",
      size: "6",
      shareId: "../../..",
    })

    const { files } = await importFrom("pingvin")

    expect(files).toBe(1)
    expect(await db.file.findMany({ select: { name: true } })).toEqual([{ name: "good.txt" }])
    fs.rmSync(outside, { recursive: true })
  })

  it("leaves damaged rows out, and treats hostile names like those of uploads", async () => {
    const pingvin = aPingvin(directory())
    const ada = pingvin.user({
      email: "ada@example.org",
      username: "A\u202eda\n",
      password: "no hash",
    })
    pingvin.insert("User", {
      id: "x",
      createdAt: "yesterday",
      updatedAt: 0,
      username: "x",
      email: "x@example.org",
    })
    const names = [
      "../..",
      `${"long ".repeat(80)}.txt`,
      "\u202egnp.exe",
      "a\\b",
      "<script>.html",
      " ",
    ]
    pingvin.share(
      { id: "names", creatorId: ada, name: "t".repeat(900), description: "\0".repeat(3) },
      Object.fromEntries(names.map((name, index) => [name, `${index}`])),
    )
    pingvin.share({ id: "bad", creatorId: ada, views: -1 })
    pingvin.share({ id: "worse", creatorId: ada, expiration: "never" })

    const { plan: planned, shares } = await importFrom("pingvin")

    expect(shares).toBe(1)
    expect(planned.leftOut.filter(({ why }) => why === "the row is damaged")).toHaveLength(3)
    const stored = await db.file.findMany({ select: { name: true, path: true } })
    expect(stored.map(({ name }) => name).toSorted()).toEqual([
      "<script>.html",
      "a_b",
      "gnp.exe",
      expect.stringMatching(/^long .*\.txt$/),
      "unnamed",
      "unnamed",
    ])
    expect(stored.every(({ name }) => Buffer.byteLength(name) <= 255)).toBe(true)
    expect((await memberOf("ada@example.org")).name).toBe("A da")
    expect((await shareAt("names"))?.title).toHaveLength(200)
  })

  it("is refused for a directory or a file that is not the app's", async () => {
    expect(() => readSource("pingvin", directory())).toThrow(/has no pingvin-share.db/)
    fs.writeFileSync(
      path.join(directory(), "pingvin-share.db"),
      "this is no database, and long enough for it",
    )
    expect(() => readSource("pingvin", directory())).toThrow(/cannot be read/)
    fs.writeFileSync(path.join(directory(), "pingvin-share.db"), "")
    expect(() => readSource("pingvin", directory())).toThrow(/is no database of Pingvin Share/)
  })

  it("copies objects inside the store, from the bucket and the path that its database names", async () => {
    const { client, bucket } = await aStoreBucket()
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: "path/in/s3share/ä +%2F.txt", Body: "from s3" }),
    )
    const pingvin = aPingvin(directory())
    pingvin.s3({ bucketName: bucket, bucketPath: "path/in" })
    const ada = pingvin.user({ email: "ada@example.org" })
    pingvin.share(
      { id: "s3share", creatorId: ada, storageProvider: "S3" },
      { "ä +%2F.txt": "from s3" },
    )
    fs.rmSync(path.join(directory(), "uploads"), { recursive: true })

    expect(await importFrom("pingvin")).toMatchObject({ files: 1, shares: 1, failed: [] })
    expect(await textOf("ä +%2F.txt")).toBe("from s3")
    client.destroy()
  })

  it("counts bytes in the quota, which may be exceeded, and then refuses uploads", async () => {
    const pingvin = aPingvin(directory())
    const user = pingvin.user({ email: "ada@example.org" })
    pingvin.share({ id: "one", creatorId: user }, { "a.txt": "0123456789", "b.txt": "0123456789" })
    configuration.DEFAULT_QUOTA_BYTES = 15
    const { plan: planned, files } = await importFrom("pingvin")
    expect(planned.overQuota).toEqual([{ email: "ada@example.org", bytes: 20, quota: 15 }])
    expect(files).toBe(2)
    const { id, usedBytes } = await memberOf("ada@example.org")
    expect(usedBytes).toBe(20n)
    const more = { name: "c.txt", size: 1, contentType: "text/plain" }
    await expect(startUpload(acting(id), more)).rejects.toBeRefusal("quota_exceeded")
    delete configuration.DEFAULT_QUOTA_BYTES
  })
})
