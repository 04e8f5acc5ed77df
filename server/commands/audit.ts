import { readFileSync } from "node:fs"
import path from "node:path"
import type { ChainReport, Finding } from "#lib/audit/chain-finding.ts"
import { readHeads } from "#lib/audit/kept-heads.ts"
import { SetupError } from "#lib/errors.ts"
import { type Command, EXIT } from "./command.ts"
import { connectDatabase, requireTables } from "./connect.ts"

export const audit: Command = {
  usage: `npm run lapse -- audit verify [--head FILE]

  Compares the audit log with its seals, and says what was altered, removed, inserted or cut off.
  --head FILE          compares with a head that was kept outside of the database too, as audit head
                       prints it, or with all heads in a log of Lapse: only they show that the
                       newest entries were cut off

npm run lapse -- audit head

  Prints the sealed head: keep it where who may write to the database may not.

npm run lapse -- audit expire --days N

  Deletes entries older than so many days, as AUDIT_DAYS does, with the role of DATABASE_URL.`,
  operand: "verify, head or expire",
  options: { head: { type: "string" }, days: { type: "string" } },
  async run({ head, days }, what) {
    const run = ACTIONS.get(what)
    if (!run) throw new SetupError(`Name what to do with the audit log.\n\n${audit.usage}`)
    const file = typeof head === "string" ? path.resolve(head) : undefined
    const number = typeof days === "string" ? Number(days) : undefined
    await connectDatabase()
    const { disconnect } = await import("#lib/db.ts")
    try {
      await requireTables()
      return await run({ head: file, days: number })
    } finally {
      await disconnect()
    }
  },
}

type Options = { head: string | undefined; days: number | undefined }

const ACTIONS = new Map<string, (options: Options) => Promise<number>>([
  ["verify", verify],
  ["head", printHead],
  ["expire", expire],
])

async function verify({ head }: Options) {
  const { verifyChain } = await import("#lib/audit/verify-chain.ts")
  const kept = head === undefined ? [] : keptIn(head)
  const report = await verifyChain(kept)
  console.log(inWords(report, kept.length))
  return report.found > 0 ? EXIT.found : EXIT.clean
}

function keptIn(file: string) {
  const heads = readHeads(readText(file))
  if (heads.length === 0) {
    throw new SetupError(
      `${file} holds no head: name what npm run lapse -- audit head printed, or a log of Lapse.`,
    )
  }
  return heads
}

function readText(file: string) {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    throw new SetupError(`${file} cannot be read: correct --head.`, { cause: error })
  }
}

async function printHead() {
  const { sealedHead } = await import("#lib/audit/sealed-head.ts")
  const head = await sealedHead()
  if (!head)
    throw new SetupError("Nothing is sealed yet: Lapse does it every minute while it runs.")
  console.log(JSON.stringify(head))
  return EXIT.clean
}

async function expire({ days }: Options) {
  if (days === undefined || !Number.isInteger(days) || days < 1) {
    throw new SetupError("Say how many days are kept: npm run lapse -- audit expire --days 365.")
  }
  const { expireEntries } = await import("#lib/audit/expire-entries.ts")
  const deleted = await expireEntries(days)
  console.log(`${deleted} entries from more than ${days} days ago are deleted.`)
  return EXIT.clean
}

function inWords({ verified, waiting, begins, head, ...report }: ChainReport, kept: number) {
  const lines = [`${verified} entries are what was sealed.`]
  if (begins) {
    lines.push(
      `It begins after ${begins.sequence}: earlier entries, up to ${begins.deletedTo}, were deleted by retention.`,
    )
  }
  if (waiting > 0) lines.push(`${waiting} wait for their seal.`)
  if (head) lines.push(`The head is ${head.sequence}, sealed at ${head.sealedAt}: ${head.hash}`)
  if (report.olderHeads > 0) {
    lines.push(`${report.olderHeads} kept heads are older than that and say nothing any more.`)
  }
  if (report.found > 0) {
    lines.push("", `${report.found} findings:`, ...report.findings.map(sentence))
    const more = report.found - report.findings.length
    if (more > 0) lines.push(`  and ${more} more`)
  } else if (kept > 0) lines.push("The kept heads are in it.")
  else lines.push("Without --head it is not known whether newer entries were cut off.")
  return lines.join("\n")
}

function sentence(finding: Finding) {
  switch (finding.kind) {
    case "altered":
      return `  ${finding.sequence}  entry ${finding.entryId} or its seal was altered`
    case "removed":
      return `  ${finding.sequence}  entry ${finding.entryId} was removed`
    case "missing":
      return `  ${finding.from} to ${finding.to}  entries and seals were removed`
    case "inserted":
      return `  entry ${finding.entryId} has no seal and does not wait for one: it was inserted, or its seal was removed`
    case "removed_unsealed":
      return `  entry ${finding.entryId} was removed before it was sealed`
    case "checkpoint":
      return `  ${finding.sequence}  the checkpoint of retention was not made with LINK_SECRET`
    case "cut_off":
      return `  ${finding.sequence}  the log ends before this kept head: newer entries were cut off`
    case "other_chain":
      return `  ${finding.sequence}  another chain than the kept head: the log was replaced`
  }
}
