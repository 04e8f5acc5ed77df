import { expect, test } from "vitest"
import { archiveFiles } from "./archive-files.ts"

const aFile = (name: string, path = "") => ({
  ...{ id: name, name, path, size: 1 },
  ...{ sha256: null, sha256Verified: false },
})
const pathsOf = (folders: Parameters<typeof archiveFiles>[0]) =>
  archiveFiles(folders).map(({ path, name }) => [path, name].filter(Boolean).join("/"))

test("each sender has a folder, also if several have the same name", () => {
  expect(
    pathsOf([
      { name: "Bo Berg", files: [aFile("a.jpg"), aFile("b.jpg", "day 1/raw")] },
      { name: "Nobody", files: [] },
      { name: "bo berg", files: [aFile("a.jpg")] },
      { name: "Bo Berg", files: [aFile("a.jpg")] },
    ]),
  ).toEqual(["Bo Berg/a.jpg", "Bo Berg/day 1/raw/b.jpg", "bo berg (2)/a.jpg", "Bo Berg (3)/a.jpg"])
})

test("a sender's name makes one folder, whatever it contains", () => {
  const files = [aFile("a.jpg")]
  expect(
    pathsOf(["../../etc", "a/b", "..", "CON", "\u202egpj.exe"].map((name) => ({ name, files }))),
  ).toEqual([".._.._etc/a.jpg", "a_b/a.jpg", "__/a.jpg", "_CON/a.jpg", "gpj.exe/a.jpg"])
})

test("the files of one sender need no folder", () => {
  const files = [aFile("a.jpg"), aFile("b.jpg", "day 1")]
  expect(pathsOf([{ name: "", files }])).toEqual(["a.jpg", "day 1/b.jpg"])
})
