import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { requireWholeValues } from "./environment.ts"
import { readSecretFiles } from "./load-environment.ts"

const place = mkdtempSync(path.join(tmpdir(), "lapse-secrets-"))
afterAll(() => rmSync(place, { recursive: true, force: true }))

function aFile(name: string, text: string) {
  const file = path.join(place, name)
  writeFileSync(file, text)
  return file
}

describe("a secret in a file", () => {
  it("takes the place of the setting, without the line end that editors add", () => {
    const file = aFile("database-url", "postgresql://lapse:p@db.example.org/lapse\n")

    expect(readSecretFiles({ DATABASE_URL_FILE: file })).toEqual({
      DATABASE_URL: "postgresql://lapse:p@db.example.org/lapse",
      DATABASE_URL_FILE: undefined,
    })
  })

  it("is for secrets alone: a file of the AWS SDK's, or of another setting, is not read", () => {
    const file = aFile("token", "x")

    expect(readSecretFiles({ AWS_WEB_IDENTITY_TOKEN_FILE: file, APP_URL_FILE: file })).toEqual({})
    expect(readSecretFiles({ AUTH_SECRET_FILE: "" })).toEqual({})
  })

  it.each([
    [
      { AUTH_SECRET: "a", AUTH_SECRET_FILE: "/secret" },
      "AUTH_SECRET and AUTH_SECRET_FILE are both set: unset one of them.",
    ],
    [
      { AUTH_SECRET_FILE: "/not/there" },
      'AUTH_SECRET_FILE is "/not/there", which cannot be read (ENOENT): name a file that the user of Lapse may read.',
    ],
    [
      { AUTH_SECRET_FILE: aFile("empty", "\n") },
      `AUTH_SECRET_FILE is "${path.join(place, "empty")}", which is empty: write the secret into it.`,
    ],
  ])("is refused with a sentence: %o", (environment, sentence) => {
    expect(() => readSecretFiles(environment)).toThrow(sentence)
  })
})

describe("a value in the file of settings", () => {
  const check = (text: string, isUsed = true) => requireWholeValues(".env", text, () => isUsed)

  it.each([
    "A=abc # a comment",
    "A= # a comment",
    "A='a#b\"c' # a comment",
    'A="a#b"#a comment',
    "A=it's",
    "A=https://s3.example.org # see docs#ports",
    "A=1 ## note",
    'A="one\n-----BEGIN==\nb#c=d\ntwo"\nB=3',
    "#A=a#b",
    "A=",
  ])("is taken as it is written: %j", (text) => {
    expect(() => check(text)).not.toThrow()
  })

  it.each([
    ["A=abc#def", "A is read only up to its #, which begins a comment there"],
    ["\nexport A=#def", ".env, line 2: A is read only up to its #"],
    ["A='it's'", `A is read only up to its second '. Put all of it into double quotes: A="…".`],
    ["A= \nB=def", "A is empty with a space, so the next line is read for it"],
    ['A="abc', 'A begins with " and has no other one at its end'],
    ['A="abc\nAUTH_SECRET=1\nC="d"', 'A begins with " and has no other one at its end'],
  ])("is refused where it would be cut, without repeating it: %j", (text, sentence) => {
    expect(() => check(text)).toThrow(sentence)
    expect(() => check(text)).toThrow(/Put all of it into (single|double) quotes: A=(['"])…\2\.$/)
    expect(() => check(text)).not.toThrow(/def/)
    expect(() => check(text, false)).not.toThrow()
  })
})
