import { randomBytes } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { mergeTests } from "@playwright/test"
import { expect, test as shared } from "../fixtures.ts"
import { test as inWebKit, type Person, withoutWebKit } from "./webkit.ts"

const test = mergeTests(shared, inWebKit)

test.skip(...withoutWebKit)

const FILES = "//input[@type='file' and @multiple]"

async function signIn(person: Person, { url }: { url: string }, email: string, password: string) {
  await person.goto(`${url}/sign-in`)
  await person.type("//input[@type='email']", email)
  await person.type("//input[@type='password']", password)
  await person.press("Sign in")
  await person.sees("Drop files or folders anywhere on this page")
}

test("in WebKit a member uploads a file in parts and copies its link", async ({
  installation,
  owner,
  person,
}, testInfo) => {
  const bytes = randomBytes(20 * 1024 ** 2)
  const file = testInfo.outputPath("räksmörgås & 図面.laz")
  fs.writeFileSync(file, bytes)
  const member = await person()
  await signIn(member, installation, owner.email, owner.password)
  await member.type(FILES, file)
  await member.sees("Upload complete", 60_000)

  const { items } = await (await owner.get("/shares?limit=1")).json()
  const shown = await member.evaluate(
    "return [...document.querySelectorAll('input[readonly]')].map(({ value }) => value)",
  )
  expect(shown).toContain(items[0].url)
  const claim = await owner.context.post(`${items[0].url}/claim`)
  const [stored] = (await claim.json()).files
  const download = await fetch(stored.url)
  expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true)
})

test("in WebKit a member uploads a folder, and its link keeps the paths", async ({
  installation,
  owner,
  person,
}, testInfo) => {
  const names = ["harbour/plan.txt", "harbour/day 1/notes.txt"]
  for (const name of names) {
    const file = testInfo.outputPath(name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, `the bytes of ${name}`)
  }
  const member = await person()
  await signIn(member, installation, owner.email, owner.password)
  // The driver chooses a folder as if it were a file, so the files get the paths of a real picker.
  await member.evaluate(
    `const paths = arguments[0]
    Object.defineProperty(File.prototype, "webkitRelativePath", {
      get() { return paths.find((path) => path.endsWith("/" + this.name)) },
    })
    document.querySelector("input[webkitdirectory]").multiple = true`,
    names,
  )
  const files = names.map((name) => testInfo.outputPath(name))
  await member.type("//input[@webkitdirectory]", files.join("\n"))
  await member.sees("Upload complete", 60_000)

  const { items } = await (await owner.get("/shares?limit=1")).json()
  const claim = await owner.context.post(`${items[0].url}/claim`)
  const paths = (await claim.json()).files.map(
    (file: { path: string; name: string }) => `${file.path}/${file.name}`,
  )
  expect(paths.toSorted()).toEqual(names.toSorted())
})
