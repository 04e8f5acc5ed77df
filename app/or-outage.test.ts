import fs from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"

const root = path.join(import.meta.dirname, "..")
const pages = fs.globSync("app/**/{page,layout}.tsx", { cwd: root })
const sourceOf = (file: string) => fs.readFileSync(path.join(root, file), "utf8")

const components = fs.globSync("{app,components}/**/*.tsx", { cwd: root })

/** Matches an async component that is not wrapped. */
const BARE_COMPONENT = /(?<!\()async function ([A-Z]\w*)[\s\S]*?^}/gm
/** Matches awaited calls, except those for the language and the branding, which work in outages. */
const READS =
  /\bawait (?!getTranslations\(|getLocale\(|getMessages\(|readerZone\(|readerDialect\(|pageBranding\()/

/** Matches a page in one of the wrappers that show an outage, or that is another page. */
const WRAPPED =
  /^export (default (orOutage|pageOfMember|pageOfAdmin|pageOfAuditor)\(|\{ default, generateMetadata \} from ".*\/page\.tsx"$)/m

/** Files that read nothing from a room. */
const READS_NOTHING = ["app/layout.tsx"]

/** Matches a generateMetadata function that is exported without a wrapper. */
const BARE_METADATA = /^export async function generateMetadata[\s\S]*?^}/gm

describe("an outage", () => {
  it("is shown by every page and layout", () => {
    const bare = pages.filter((file) => !WRAPPED.test(sourceOf(file)))

    expect(pages.length).toBeGreaterThan(20)
    expect(bare).toEqual(READS_NOTHING)
  })

  it("is shown by every component that reads from a room", () => {
    const bare = components.flatMap((file) =>
      [...sourceOf(file).matchAll(BARE_COMPONENT)]
        .filter(([text]) => READS.test(text))
        .map(([, name]) => `${file} ${name}`),
    )

    expect(components.length).toBeGreaterThan(100)
    expect(bare).toEqual([])
  })

  it("is shown where a page reads its title", () => {
    const reading = pages.filter((file) =>
      (sourceOf(file).match(BARE_METADATA) ?? []).some((text) =>
        /Page\(\)|\bfind[A-Z]|\brequire[A-Z]/.test(text),
      ),
    )

    expect(reading).toEqual([])
  })
})
