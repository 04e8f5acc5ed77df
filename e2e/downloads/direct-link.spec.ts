import { execFile, execFileSync } from "node:child_process"
import fs from "node:fs"
import { promisify } from "node:util"
import { expect, test } from "../fixtures.ts"
import { downloadPath } from "../network/send-click.ts"

const curl = async (args: string[], cwd: string) =>
  (await promisify(execFile)("curl", ["-sS", ...args], { cwd })).stdout

const hasCurl = () => {
  try {
    return execFileSync("curl", ["--version"]).length > 0
  } catch {
    return false
  }
}

test("with a direct link, curl saves the file under its name and counts once; without one it gets the page and counts nothing", async ({
  owner,
  stranger,
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

  const indirect = await owner.share("survey.pdf")
  const answer = await (await stranger()).get(downloadPath(indirect))
  expect(answer.status()).toBe(303)
  expect(answer.headers().location).toBe(new URL(indirect.url).pathname)
  expect(await owner.readShare(indirect.id)).toMatchObject({ downloads: 0 })
})
