import fs from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { deleteObject } from "#lib/adapters/storage.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { exportedPaths } from "./exported-path.ts"
import { writeExport } from "./write-export.ts"

let place = ""
let directory = ""
beforeEach(() => {
  place = fs.mkdtempSync(path.join(tmpdir(), "lapse-export-"))
  directory = path.join(place, "new")
})
afterEach(() => fs.rmSync(place, { recursive: true }))

const rowsOf = (name: string): Record<string, unknown>[] =>
  fs
    .readFileSync(path.join(directory, `${name}.jsonl`), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))

async function twoMembers() {
  const ada = await aMember({ email: "ada@example.org", passwordHash: "the hash of Ada" })
  const grace = await anAdmin({ email: "grace@example.org" })
  const [first, second] = [
    await aFile({ owner: ada, bytes: "one" }),
    await aFile({ owner: ada, bytes: "two" }),
  ]
  const share = await createShare(acting(ada), {
    title: "Ours",
    fileIds: [second.id, first.id],
    password: "a password",
  })
  const other = await aFile({ owner: grace, name: "other.txt", bytes: "three" })
  await createShare(acting(grace), { fileIds: [other.id] })
  const deleted = await aFile({ owner: ada, name: "deleted.txt" })
  await deleteFile(ada, deleted.id)
  return { ada, first, second, share, other }
}

it("writes every member, file and share, and the bytes under their names", async () => {
  const { first, second, share } = await twoMembers()

  const { rows, files, bytes, failed } = await writeExport({ directory })

  expect({ rows, files, bytes, failed }).toEqual({
    rows: expect.objectContaining({ members: 2, files: 4, shares: 2, links: 2, settings: 0 }),
    files: 3,
    bytes: 11,
    failed: [],
  })
  const exported = (id: string) =>
    String(rowsOf("files").find((file) => file.id === id)?.exportedAs)
  const read = (id: string) => fs.readFileSync(path.join(directory, exported(id)), "utf8")
  expect([read(first.id), read(second.id)]).toEqual(["one", "two"])
  expect(exported(second.id)).toBe("files/ada@example.org/report (2).pdf")
  expect(rowsOf("files").find(({ name }) => name === "deleted.txt")).toMatchObject({
    exportedAs: null,
  })
  expect(rowsOf("members")).toContainEqual(
    expect.objectContaining({ passwordHash: "the hash of Ada" }),
  )
  expect(rowsOf("shares").find(({ id }) => id === share.id)).toMatchObject({
    title: "Ours",
    passwordHash: expect.any(String),
    files: [{ id: second.id }, { id: first.id }],
  })
  expect(rowsOf("links")).toContainEqual(
    expect.objectContaining({ shareId: share.id, url: share.url }),
  )
  expect(rowsOf("audit").length).toBeGreaterThan(4)
  expect(fs.statSync(directory).mode & 0o777).toBe(0o700)
  expect(fs.statSync(path.join(directory, "members.jsonl")).mode & 0o777).toBe(0o600)
})

it("of one member has nothing of others, and no hash of a password", async () => {
  await twoMembers()
  const { rows, files } = await writeExport({ directory, email: "Ada@example.org" })
  expect({ rows, files }).toMatchObject({
    rows: { members: 1, files: 3, shares: 1, links: 1 },
    files: 2,
  })
  const all = fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
    .join("\n")
  expect(all).not.toMatch(/grace@example.org|other.txt|three|the hash of Ada|argon2/)
  await expect(writeExport({ directory, email: "ada@example.org" })).rejects.toBeRefusal("conflict")
  await expect(
    writeExport({ directory: path.join(place, "other"), email: "nobody@example.org" }),
  ).rejects.toBeRefusal("not_found")
})

it("names a file whose bytes are gone, and goes on", async () => {
  const { first, second } = await twoMembers()
  const { objectKey } = await db.file.findUniqueOrThrow({ where: { id: first.id } })
  await deleteObject(objectKey ?? "")
  const { files, failed } = await writeExport({ directory })
  expect({ files, failed: failed.length }).toEqual({ files: 2, failed: 1 })
  expect(rowsOf("files").some(({ id }) => id === second.id)).toBe(true)
})

it("gives each file a path of its own that stays in the directory", () => {
  const pathOf = exportedPaths()
  const ownerEmail = "ada@example.org"
  const paths = [
    ["", "a.txt"],
    ["", "A.txt"],
    ["..", "..\\..\\b"],
    ["a/../..", ".."],
    ["", "\0"],
    ["con", `${"ü".repeat(300)}.txt`],
    ["", "end. . "],
  ].map(([folder = "", name = ""]) => pathOf({ ownerEmail, path: folder, name }))
  expect(paths.slice(0, 5)).toEqual([
    "ada@example.org/a.txt",
    "ada@example.org/A (2).txt",
    "ada@example.org/_/.._.._b",
    "ada@example.org/a/_/_/_",
    "ada@example.org/_",
  ])
  expect(new Set(paths.map((one) => one.toLowerCase())).size).toBe(paths.length)
  for (const one of paths) {
    expect(path.posix.normalize(one)).toBe(one)
    for (const name of one.split("/")) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
  }
})
