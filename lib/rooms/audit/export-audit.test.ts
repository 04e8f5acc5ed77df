import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { csvCell } from "#lib/adapters/text/csv.ts"
import { sealedEntries } from "#testing/builders/sealed-entries.ts"
import { CSV_HEAD, type ExportedEntry, exportAudit, toCsvLine } from "./export-audit.ts"
import { recordAudit } from "./record-audit.ts"

async function all(filter = {}) {
  const entries: ExportedEntry[] = []
  for await (const batch of exportAudit(filter)) entries.push(...batch)
  return entries
}

describe("exportAudit", () => {
  it("gives every entry once, oldest first, with its place in the chain", async () => {
    await db.$executeRaw`
      INSERT INTO audit_entry (id, at, actor, action, act_id)
      SELECT gen_random_uuid(), now() - (n / 7) * interval '1 second', 'Lapse', 'share.create', gen_random_uuid()
      FROM generate_series(1, 4500) n`
    const sealed = await sealedEntries(2)
    const waiting = await recordAudit(db, { actorId: null, action: "share.edit" })

    const entries = await all()

    expect(new Set(entries.map(({ id }) => id)).size).toBe(4503)
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort())
    expect(entries.slice(-3).map(({ id, sequence }) => [id, sequence])).toEqual([
      [sealed[0], 4501],
      [sealed[1], 4502],
      [waiting, null],
    ])
  })

  it("leaves out what does not match, and entries recorded during the export", async () => {
    await sealedEntries(3)
    const reading = exportAudit({ action: "share.create" })
    const first = await reading.next()
    await sealedEntries(1)

    expect(first.value).toHaveLength(3)
    expect((await reading.next()).done).toBe(true)
    expect(await all({ action: "member" })).toEqual([])
    expect(await all({ q: "SHARE 1" })).toHaveLength(1)
  })
})

describe("the CSV", () => {
  it.each([
    ["=1+1", `"'=1+1"`],
    ["+49 1234", `"'+49 1234"`],
    ["-2", `"'-2"`],
    ["@SUM(A1)", `"'@SUM(A1)"`],
    [" =1+1", `"' =1+1"`],
    ["＝1+1", '"\'＝1+1"'],
    ["＋49 1234", '"\'＋49 1234"'],
    ["－2", '"\'－2"'],
    ["−2", '"\'−2"'],
    ["\u3000＠SUM(A1)", '"\'\u3000＠SUM(A1)"'],
    ["\t=1+1", `"\t'=1+1"`],
    ["\r=1+1", `"\r'=1+1"`],
    ["x;=1+1;", `"x;'=1+1;"`],
    ["x； ＝1+1", `"x；' ＝1+1"`],
    ["x;\t@SUM(A1)", `"x;\t'@SUM(A1)"`],
    ["x\n-2", `"x\n'-2"`],
    ['x;"=1+1;', `"x;'""=1+1;"`],
    [
      '=HYPERLINK("http://evil.example";"click")',
      `"'=HYPERLINK(""http://evil.example"";""click"")"`,
    ],
    ['a "quoted", b', '"a ""quoted"", b"'],
    ["two\nlines", '"two\nlines"'],
    ["plain", "plain"],
    ["a=b", "a=b"],
    ["Doe; Jane-Ann", "Doe; Jane-Ann"],
    ["", ""],
    [null, ""],
    [7, "7"],
  ])("writes the cell %j as %j", (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })

  it("has as many cells in each line as in its header, whatever names people choose", async () => {
    const title = '=cmd|"/c calc"!A1,\r\n"second line'
    await recordAudit(db, { actorId: null, action: "share.create", details: { title } })
    const [entry] = await all()
    if (!entry) throw new Error("There is no entry.")

    const line = toCsvLine(entry)
    const cells = line.match(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n$)/g) ?? []

    expect(cells.join("")).toBe(line)
    expect(cells).toHaveLength(CSV_HEAD.split(",").length)
    const details = (cells.at(-1) ?? "").trim().slice(1, -1).replaceAll('""', '"')
    expect(JSON.parse(details)).toEqual({ title })
  })
})
