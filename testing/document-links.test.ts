import fs from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"

const root = path.join(import.meta.dirname, "..")
const DOCUMENTS =
  "{*,{app,bench,docs,e2e,lib,messages,packages,prisma,server,testing,visitor}/**/*}.md"

const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8")

/** The anchors that GitHub gives the headings of a document. */
function anchorsOf(document: string) {
  const headings = read(document)
    .replace(/^```.*?^```/gms, "")
    .matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\-_ ]/gu, "")
      .replaceAll(" ", "-"),
  )
}

it("every link between documents leads to a file and a heading that exist", () => {
  const broken = fs.globSync(DOCUMENTS, { cwd: root }).flatMap((document) =>
    [...read(document).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file, anchor] = link.split("#")
        const target = file ? path.join(path.dirname(document), file) : document
        if (!fs.existsSync(path.join(root, target))) return true
        return anchor !== undefined && !anchorsOf(target).includes(anchor)
      })
      .map((link) => `${document}: ${link}`),
  )
  expect(broken).toEqual([])
})
