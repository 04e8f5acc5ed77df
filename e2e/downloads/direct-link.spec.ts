import { execFile, execFileSync } from "node:child_process"
import fs from "node:fs"
import { promisify } from "node:util"
import { expect, test } from "../fixtures.ts"
import { downloadPath, leadsToStore } from "../network/send-click.ts"

const curl = async (args: string[], cwd: string) =>
  (await promisify(execFile)("curl", ["-sS", ...args], { cwd })).stdout

const hasCurl = () => {
  try {
    return execFileSync("curl", ["--version"]).length > 0
  } catch {
    return false
  }
}

test("with a direct link, curl saves the file under its name and counts once", async ({
  owner,
  installation,
}, testInfo) => {
  test.skip(!hasCurl(), "curl is not installed")
  const share = await owner.share("Käyttöohje 7.pdf", { direct: true })
  const folder = testInfo.outputPath()
  fs.mkdirSync(folder, { recursive: true })

  await curl(["-LOJ", installation.url + downloadPath(share)], folder)

  expect(fs.readdirSync(folder)).toEqual(["Kayttoohje 7.pdf"])
  const saved = fs.readFileSync(`${folder}/Kayttoohje 7.pdf`, "utf8")
  expect(saved).toBe("the bytes of Käyttöohje 7.pdf")
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, views: 0 })
})

test("a direct link serves the middle of a file only to a visitor who has started it", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { direct: true })
  const path = downloadPath(share)
  const person = await stranger()
  const middle = { headers: { Range: "bytes=4-8" } }

  expect(leadsToStore(await person.get(path, middle))).toBe(false)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0 })

  expect(leadsToStore(await person.get(path))).toBe(true)
  const resumed = await person.get(path, middle)
  expect(leadsToStore(resumed)).toBe(true)
  const part = await fetch(resumed.headers().location ?? "", middle)
  expect([part.status, await part.text()]).toEqual([206, "bytes"])
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
})

test("without a direct link, opening a file's address leads to the page and counts nothing", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf")

  const answer = await (await stranger()).get(downloadPath(share))

  expect(answer.status()).toBe(303)
  expect(answer.headers().location).toBe(new URL(share.url).pathname)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0 })
})
