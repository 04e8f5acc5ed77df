import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "@playwright/test"
import { MIB } from "#testing/units.ts"
import { ADMIN } from "../../installation/own-installation.ts"
import { signInClient } from "../../member-client.ts"
import { click, leadsToStore } from "../../network/send-click.ts"
import {
  cannotRun,
  makeDebian,
  makeVolume,
  NODE,
  run,
  runIn,
  startIn,
  unpackedBytes,
  unpackRoot,
} from "./chroot.ts"

const skipped = cannotRun("mmdebstrap", "unshare", "git")
const root = path.join(import.meta.dirname, "../../..")
const dist = path.join(root, "dist")

test.describe("the tarball", () => {
  test.skip(Boolean(skipped), String(skipped))
  test.describe.configure({ mode: "serial", timeout: 1_800_000 })

  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
  const name = `lapse-${version}-linux-${process.arch}`
  const place = mkdtempSync(path.join(tmpdir(), "lapse-chroot-"))
  const debian = path.join(place, "debian")
  const lapse = `/${name}/bin/lapse`
  test.afterAll(() => rmSync(place, { recursive: true, force: true }))

  const at = (data: string, user: string) => ({
    root: debian,
    data,
    user,
    env: {
      HOME: "/data",
      PATH: "/usr/bin:/bin",
      LAPSE_DATA_DIR: "/data",
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
    },
  })

  test("is made for x64 and arm64, with its sums", () => {
    run(NODE, [path.join(root, "bin/release.mjs")])
    const sums = readFileSync(path.join(dist, "SHA256SUMS"), "utf8")
    expect(sums.match(/^[0-9a-f]{64} {2}lapse-[\d.]+-linux-(x64|arm64)\.tar\.gz$/gm)).toHaveLength(
      2,
    )
    run("sh", ["-c", `cd ${dist} && sha256sum -c SHA256SUMS`])
  })

  test("starts without Node and npm on a read-only Debian, checks out, and has a first share within two minutes", async () => {
    const tar = path.join(place, "debian.tar")
    makeDebian(tar)
    unpackRoot(tar, debian)
    run("tar", ["-xzf", path.join(dist, `${name}.tar.gz`), "-C", debian])
    expect(existsSync(path.join(debian, "usr/bin/node"))).toBe(false)
    const volume = makeVolume()

    const version = await runIn(at(volume.path, "65534:65534"), [lapse, "--version"])
    const commit = run("git", ["-C", root, "rev-parse", "HEAD"])
    expect(version).toEqual({ code: 0, said: `lapse ${name.split("-")[1]} (${commit})\n` })
    const startedAt = performance.now()
    const started = await startIn(at(volume.path, "65534:65534"), [lapse, "start"])
    const checks = await runIn({ ...at(volume.path, "65534:65534"), env: started.env }, [
      lapse,
      "doctor",
    ])
    expect(checks, checks.said).toMatchObject({ code: 0 })
    const member = await signInClient(started.url, ADMIN)
    const share = await member.share("harbour.pdf")
    expect(leadsToStore(await click(member.context, share))).toBe(true)
    expect(performance.now() - startedAt).toBeLessThan(120_000)
    const page = await member.context.get("/admin")
    expect(await page.text()).toContain(commit.slice(0, 12))
    expect(started.said()).not.toMatch(/Building|Installing|Generating/)
    expect(await started.stop()).toBe(0)
    volume.remove()
  })

  test("starts as root too, where the database runs as another user", async () => {
    const volume = makeVolume(0o755)
    const started = await startIn(at(volume.path, "0:0"), [lapse, "start"])
    expect(await started.stop()).toBe(0)
    volume.remove()
  })

  test("says what to do where its user has no name", async () => {
    const volume = makeVolume()
    const { code, said } = await runIn(at(volume.path, "4242:4242"), [lapse, "start"])
    expect(said).toContain("user 4242 has none: start Lapse as a user that is in /etc/passwd")
    expect(code).toBe(1)
    volume.remove()
  })

  test("names the package where a Debian lacks a library of its Node", async () => {
    const libraries = globSync("usr/lib/*/libstdc++.so.6*", { cwd: debian })
    const hidden = libraries.map((name) => ({ name: path.join(debian, name), to: `${name}.off` }))
    for (const { name, to } of hidden) renameSync(name, path.join(debian, to))
    const volume = makeVolume()
    const { code, said } = await runIn(at(volume.path, "65534:65534"), [lapse, "start"])
    for (const { name, to } of hidden) renameSync(path.join(debian, to), name)
    expect(said).toMatch(/^Lapse needs the library libstdc\+\+\.so\.6.*libstdc\+\+6 \(Debian.*\n$/)
    expect(code).toBe(1)
    volume.remove()
  })

  test("says what is in it", () => {
    const inside = path.join(debian, name)
    const { components } = JSON.parse(readFileSync(path.join(inside, "sbom.cdx.json"), "utf8"))
    const names = components.map((each: { name: string }) => each.name)
    expect(names).toEqual(expect.arrayContaining(["next", "react", "pg", "postgresql"]))
    expect(names).not.toContain("vitest")
    const licenses = readFileSync(path.join(inside, "THIRD-PARTY-LICENSES.txt"), "utf8")
    for (const each of ["next", "lucide-react", "PostgreSQL"])
      expect(licenses).toMatch(new RegExp(`^${each}[ :]`, "m"))
    expect(unpackedBytes(inside)).toBeLessThan(450 * MIB)
  })
})
