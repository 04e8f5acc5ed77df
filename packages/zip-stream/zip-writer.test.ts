import { execFileSync } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import fs from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { crc32 as nodeCrc32 } from "node:zlib"
import { afterAll, describe, expect, it, test } from "vitest"
import { crc32 } from "./crc32.ts"
import { createZipWriter } from "./zip-writer.ts"

const GIB = 1024 ** 3
const folder = fs.mkdtempSync(path.join(tmpdir(), "zip-stream-"))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const at = new Date("2026-11-25T20:10:31Z")
const contents = {
  "small.txt": Buffer.from("a few bytes"),
  "deep/Übersicht 図面.bin": randomBytes(300_000),
  "empty.txt": Buffer.alloc(0),
}

type Writer = ReturnType<typeof createZipWriter>

/** Writes an archive into a file, after `offset` bytes that use no disk space. */
function writeArchive(
  name: string,
  { offset = 0, zip64From }: { offset?: number; zip64From?: number },
  add: (zip: Writer, put: (bytes: Uint8Array) => void) => void,
) {
  const file = path.join(folder, name)
  const handle = fs.openSync(file, "w")
  let position = offset
  const put = (bytes: Uint8Array) => {
    position += fs.writeSync(handle, bytes, 0, bytes.length, position)
  }
  const zip = createZipWriter({ offset, ...(zip64From !== undefined && { zip64From }) })
  add(zip, put)
  for (const piece of zip.end()) put(piece)
  expect(zip.offset()).toBe(position)
  fs.closeSync(handle)
  return file
}

function addWhole(zip: Writer, put: (bytes: Uint8Array) => void) {
  for (const [name, content] of Object.entries(contents)) {
    put(zip.addWhole({ name, modifiedAt: at }, content))
    put(content)
  }
}

function addStreamed(zip: Writer, put: (bytes: Uint8Array) => void) {
  for (const [name, content] of Object.entries(contents)) {
    put(zip.begin({ name, modifiedAt: at, size: content.length }))
    for (let from = 0; from < content.length; from += 70_000) {
      const chunk = content.subarray(from, from + 70_000)
      zip.write(chunk)
      put(chunk)
    }
    put(zip.finish(content.length))
  }
}

const run = (tool: string, args: string[]) =>
  execFileSync(tool, args, {
    env: { ...process.env, LC_ALL: "C.UTF-8" },
    maxBuffer: 64 * 1024 ** 2,
  }).toString()

const isHere = (tool: string) => run("sh", ["-c", `command -v ${tool} || true`]) !== ""

const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

const PYTHON = `
import sys, zipfile, hashlib, json
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps([[i.filename, i.file_size, hashlib.sha256(z.read(i)).hexdigest()] for i in z.infolist()]))
`

/** Tests an archive with every reader on this machine, and returns its names. */
function readWithAll(file: string): string[] {
  const seen: string[][] = []
  if (isHere("python3")) {
    const said = run("python3", ["-c", PYTHON, file])
    const listed: [name: string, size: number, sha256: string][] = JSON.parse(said)
    for (const [name, size, sha256] of listed) {
      const content = Object.entries(contents).find(([each]) => each === name)?.[1]
      if (!content) continue
      expect([name, size, sha256]).toEqual([name, content.length, sha256Of(content)])
    }
    seen.push(listed.map(([name]) => name))
  }
  if (isHere("unzip")) {
    const said = run("unzip", ["-t", file])
    expect(said).toContain("No errors detected")
    expect(said).not.toMatch(/warning/i)
    seen.push([...said.matchAll(/^\s+testing: (.*?)\s+OK$/gm)].map(([, name = ""]) => name))
  }
  if (isHere("bsdtar")) {
    const out = fs.mkdtempSync(path.join(folder, "out-"))
    run("bsdtar", ["-xf", file, "-C", out])
    const names = fs.readdirSync(out, { recursive: true, withFileTypes: true })
    for (const [name, content] of Object.entries(contents)) {
      if (!fs.existsSync(path.join(out, name))) continue
      expect(fs.readFileSync(path.join(out, name)).equals(content), name).toBe(true)
      expect(fs.statSync(path.join(out, name)).mtime, name).toEqual(at)
    }
    seen.push(
      names
        .filter((each) => each.isFile())
        .map((each) => path.relative(out, path.join(each.parentPath, each.name))),
    )
    fs.rmSync(out, { recursive: true })
  }
  expect(seen.length, "one reader at least is on this machine").toBeGreaterThan(0)
  for (const names of seen) expect(names.length).toBe(seen[0]?.length)
  return seen[0] ?? []
}

test("a CRC-32 equals zlib's, in one chunk and in many, at every alignment", () => {
  const bytes = randomBytes(10_007)
  expect(crc32(bytes)).toBe(nodeCrc32(bytes))
  for (let from = 0; from < 20; from++) {
    const before = crc32(bytes.subarray(0, from))
    expect(crc32(bytes.subarray(from), before)).toBe(nodeCrc32(bytes))
    expect(crc32(bytes.subarray(from, from * 2))).toBe(nodeCrc32(bytes.subarray(from, from * 2)))
  }
})

describe("an archive", () => {
  it.each([
    ["whole contents", addWhole],
    ["streamed contents", addStreamed],
  ])("of %s opens everywhere with the bytes, names and times that went in", (name, add) => {
    const file = writeArchive(`${name}.zip`, {}, add)
    expect(readWithAll(file).toSorted()).toHaveLength(3)
  })

  it.each([
    ["whole contents", addWhole],
    ["streamed contents", addStreamed],
  ])("of %s takes the 64-bit form from a size on, and opens everywhere", (name, add) => {
    const file = writeArchive(`large ${name}.zip`, { zip64From: 1_000 }, add)
    expect(readWithAll(file)).toHaveLength(3)
  })

  it("that begins above 4 GiB has offsets of 64 bits, and opens everywhere", () => {
    const file = writeArchive("far.zip", { offset: 5 * GIB }, addStreamed)
    expect(fs.statSync(file).size).toBeGreaterThan(5 * GIB)
    expect(readWithAll(file)).toHaveLength(3)
  })

  it("that passes 4 GiB with an entry has both kinds of offsets", () => {
    const file = writeArchive("passing.zip", { offset: 4 * GIB - 200_000 }, addWhole)
    expect(readWithAll(file)).toHaveLength(3)
  })

  it("of more than 65,535 entries states their number", () => {
    const file = writeArchive("many.zip", {}, (zip, put) => {
      for (let n = 0; n < 66_000; n++)
        put(zip.addWhole({ name: `${n}`, modifiedAt: at }, new Uint8Array()))
    })
    const count = [
      ["python3", "-c", "import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))"],
      ["unzip", "-Z", "-1"],
      ["bsdtar", "-tf"],
    ]
    for (const [tool = "", ...args] of count) {
      if (!isHere(tool)) continue
      const lines = run(tool, [...args, file])
        .trim()
        .split("\n")
      expect(tool === "python3" ? Number(lines[0]) : lines.length, tool).toBe(66_000)
    }
  })

  it("without entries is valid", () => {
    const file = writeArchive("nothing.zip", {}, () => {})
    expect(fs.statSync(file).size).toBe(22)
  })

  it.each([0, 5 * GIB])(
    "leaves out an incomplete entry, and opens everywhere (at %d)",
    (offset) => {
      const file = writeArchive(`broken ${offset}.zip`, { offset }, (zip, put) => {
        addWhole(zip, put)
        put(zip.begin({ name: "broken.bin", modifiedAt: at, size: 5 * GIB }))
        const half = randomBytes(50_000)
        zip.write(half)
        put(half)
        expect(() => zip.finish(5 * GIB)).toThrow(
          "broken.bin has 50000 bytes in place of 5368709120",
        )
        put(zip.abandon())
        put(zip.addWhole({ name: "after.txt", modifiedAt: at }, Buffer.from("after")))
        put(Buffer.from("after"))
      })
      const names = readWithAll(file)
      expect(names).toHaveLength(4)
      expect(names).not.toContain("broken.bin")
    },
  )

  it("has times before 1980 and after 2107 as the nearest that the format supports", () => {
    const file = writeArchive("times.zip", {}, (zip, put) => {
      put(zip.addWhole({ name: "old", modifiedAt: new Date(-1e12) }, new Uint8Array()))
      put(zip.addWhole({ name: "late", modifiedAt: new Date(6e12) }, new Uint8Array()))
    })
    expect(readWithAll(file)).toHaveLength(2)
  })

  it("refuses an entry inside of another", () => {
    const zip = createZipWriter()
    zip.begin({ name: "a", modifiedAt: at, size: 1 })
    expect(() => zip.addWhole({ name: "b", modifiedAt: at }, new Uint8Array())).toThrow(
      "a is still",
    )
    expect(() => [...zip.end()]).toThrow("a is still open")
  })
})
