import { createHash, randomBytes } from "node:crypto"
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { expectNoViolations } from "../browser/axe.ts"
import { expect, test } from "../fixtures.ts"
import { read } from "../member-client.ts"
import { type Command, installCommand } from "./run-command.ts"

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex")
const MIB = 1024 ** 2

/** Looks often: the command is quick, and has to be killed before its end. */
const OFTEN = { intervals: [5] }

// A code of no device.
test.use({ allowed: [/status of 404 .*\/device\?/] })

const commands: Command[] = []
test.afterEach(async () => {
  for (const command of commands.splice(0)) await command.remove()
})

async function install(url: string, env: Record<string, string> = {}) {
  const command = await installCommand(url, env)
  commands.push(command)
  return command
}

test("the command sends files to a request, is killed, and goes on without sending one twice", async ({
  installation,
  owner,
}) => {
  const asked = await owner.post("/requests", { title: "Build results", folder: "Builds" })
  const request = await read<{ id: string; url: string }>(asked, 201)
  const { folder, start, run } = await install(installation.url)
  const bytes = randomBytes(40 * MIB)
  await mkdir(path.join(folder, "out/logs"), { recursive: true })
  await writeFile(path.join(folder, "out/app.bin"), bytes)
  await writeFile(path.join(folder, "out/logs/build.log"), "built")
  const send = ["send", request.url, "out", "--from", "Build server"]

  const first = start(send)
  const isUnderWay = async () => {
    const rows = await installation.query(
      "SELECT count(*)::int AS files FROM file JOIN delivery ON delivery.id = delivery_id WHERE share_id = $1",
      [request.id],
    )
    return rows[0]?.files
  }
  await expect.poll(isUnderWay, OFTEN).toBe(2)
  // The ticket of the delivery is kept once the answer has arrived.
  await expect.poll(() => first.kept(), OFTEN).toContain("lapse-delivery")
  first.kill()
  await first.ended
  const second = await run(...send)

  expect(second).toMatchObject({ code: 0 })
  expect(second.out).toContain(`${sha256(bytes)}  out/app.bin\n`)
  const { items } = await (await owner.get(`/requests/${request.id}/deliveries`)).json()
  expect(items).toMatchObject([{ name: "Build server" }])
  const paths = items[0].files.map(({ path }: { path: string }) => path)
  expect(paths.sort()).toEqual(["Builds/out", "Builds/out/logs"])
  expect(await run("send", `${request.url.slice(0, -4)}AAAA`, "out")).toMatchObject({ code: 66 })
})

test("the command downloads a locked link once, although it is killed", async ({
  installation,
  owner,
}) => {
  const { folder, start, run } = await install(installation.url)
  const bytes = randomBytes(7 * MIB)
  const large = await owner.upload("film.bin", bytes)
  const small = await owner.upload("notes.txt", Buffer.from("notes"), "text/plain", "Texts")
  const { id, url } = await owner.shareFiles([large.id, small.id], {
    password: "correct horse",
    maxDownloads: 1,
  })
  await writeFile(path.join(folder, "right"), "correct horse\n")
  await writeFile(path.join(folder, "wrong"), "battery staple")

  expect(await run("get", url)).toMatchObject({ code: 64 })
  expect(await run("get", url, "--password-file", "wrong")).toMatchObject({ code: 77 })
  const get = ["get", url, "--into", "got", "--password-file", "right"]
  const first = start(get)
  await expect.poll(() => first.kept(), OFTEN).toContain("lapse-ticket")
  first.kill()
  await first.ended
  expect(await run(...get)).toMatchObject({ code: 0 })

  expect(sha256(await readFile(path.join(folder, "got/film.bin")))).toBe(sha256(bytes))
  expect((await readdir(path.join(folder, "got"))).sort()).toEqual(["Texts", "film.bin"])
  expect((await owner.readShare(id)).downloads).toBe(1)
  expect(await run("get", url, "--into", "again", "--password-file", "right")).toMatchObject({
    code: 66,
    err: "This link has no downloads left.\n",
  })
})

test("a build server shares by a token, is killed, and gets the same link from the same command", async ({
  installation,
  owner,
}) => {
  const scopes = ["files:read", "files:write", "shares:read", "shares:write"]
  const token = await read<{ token: string }>(
    await owner.post("/tokens", { name: "Build server", scopes }),
    201,
  )
  const { folder, start, run, forget } = await install(installation.url, {
    LAPSE_URL: installation.url,
    LAPSE_TOKEN: token.token,
    TMPDIR: "tmp",
  })
  await mkdir(path.join(folder, "tmp"))
  const bytes = randomBytes(40 * MIB)
  await mkdir(path.join(folder, "dist"))
  await writeFile(path.join(folder, "dist/app.bin"), bytes)
  await writeFile(path.join(folder, "dist/notes.txt"), "notes")
  const share = ["share", "dist", "--title", "Build 7", "--expires", "7d", "--early"]

  const first = start(share)
  await expect.poll(() => first.said.out, OFTEN).toContain("/s/")
  first.kill()
  await first.ended
  // As if it had been killed before it had the answer that names the share.
  await forget("shareId")
  const second = start(share)
  await expect.poll(() => second.said.out, OFTEN).toBe(first.said.out)
  second.kill()
  await second.ended
  const third = await run(...share)

  expect(third).toMatchObject({ code: 0, out: first.said.out })
  const link = third.out.trim()
  const listed = await run("list", "--json")
  expect(listed.out.split("\n").filter((line) => line.includes("Build 7"))).toHaveLength(1)
  const shown = JSON.parse((await run("show", link, "--json")).out)
  expect(shown.files).toMatchObject([
    { name: "app.bin", path: "dist", status: "ready", sha256: sha256(bytes) },
    { name: "notes.txt", status: "ready" },
  ])
  expect(await run("get", link, "--into", "-")).toMatchObject({ code: 64 })
  await writeFile(path.join(folder, "dist/notes.txt"), "other notes")
  const unsure = await run("share", "dist")
  expect(unsure).toMatchObject({ code: 1, out: "" })
  expect(unsure.err).toContain("notes.txt: A different file has this name. Say --replace, ")
  const replaced = JSON.parse((await run("share", "dist", "--replace", "--json")).out)
  expect(replaced.files).toMatchObject([{ name: "app.bin", id: shown.files[0].id }, { size: 11 }])
  // The first link keeps the old notes.
  expect(JSON.parse((await run("show", link, "--json")).out).files).toEqual(shown.files)
  const piped = start(["share", "-", "--name", "dump.sql", "--json"])
  piped.input("SELECT 1;")
  const dump = JSON.parse((await piped.ended).out)
  expect(dump.files).toMatchObject([{ name: "dump.sql", status: "ready" }])
  expect((await run("get", dump.url, "--into", "-")).out).toBe("SELECT 1;")
  expect(await readdir(path.join(folder, "tmp"))).toEqual([])
  expect(await run("revoke", link, "--cut-off")).toMatchObject({ code: 0 })
  expect(await run("get", link)).toMatchObject({ code: 66 })

  const reader = await read<{ token: string }>(
    await owner.post("/tokens", { name: "Reader", scopes: ["files:read"] }),
    201,
  )
  const other = await install(installation.url, { LAPSE_URL: installation.url })
  await writeFile(path.join(other.folder, "token"), reader.token)
  await writeFile(path.join(other.folder, "wrong"), `${reader.token.slice(0, -1)}!`)
  expect(await other.run("list")).toMatchObject({ code: 77 })
  expect(await other.run("login", installation.url, "--token-file", "wrong")).toMatchObject({
    code: 77,
  })
  expect(await other.run("login", installation.url, "--token-file", "token")).toMatchObject({
    code: 0,
  })
  const refused = await other.run("list")
  expect(refused).toMatchObject({ code: 77 })
  expect(refused.err).toContain("shares:read")
  expect(await other.run("logout")).toMatchObject({ code: 0 })
})

test("a person signs the command in by a code, on a page that says what it may do", async ({
  installation,
  ownerPage,
}) => {
  const { start, run } = await install(installation.url)
  const login = start(["login", installation.url, "--name", "Nora's laptop"])
  await expect.poll(() => login.said.err).toMatch(/enter the code [A-Z]{4}-[A-Z]{4}/)
  const [, code = ""] = /the code (\S+)/.exec(login.said.err) ?? []

  await ownerPage.goto("/cli")
  await expect(ownerPage.getByLabel("Install it and sign in")).toHaveValue(
    new RegExp(`^./lapse login ${installation.url}$`, "m"),
  )
  await expectNoViolations(ownerPage)
  await ownerPage.goto("/device")
  await expectNoViolations(ownerPage)
  await ownerPage.getByLabel("Code").fill("BBBB-BBBB")
  await ownerPage.getByRole("button", { name: "Continue" }).click()
  await expect(ownerPage.getByText("No device is waiting with this code.")).toBeVisible()
  await ownerPage.getByLabel("Code").fill(code.toLowerCase())
  await ownerPage.getByRole("button", { name: "Continue" }).click()
  await expect(ownerPage.getByRole("heading", { name: "Nora's laptop" })).toBeVisible()
  await expect(ownerPage.getByText("Upload, rename, move and delete files")).toBeVisible()
  await expectNoViolations(ownerPage)
  await ownerPage.getByRole("button", { name: "Approve" }).click()
  await expect(ownerPage.getByText("Approved.")).toBeVisible()

  expect(await login.ended).toMatchObject({ code: 0 })
  expect(await run("list", "--status", "open")).toMatchObject({ code: 0 })
  await ownerPage.goto("/settings#tokens")
  await expect(ownerPage.getByText("Nora's laptop")).toBeVisible()
})
