import path from "node:path"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { type Command, EXIT } from "#server/commands/command.ts"
import { connect, withTables } from "#server/commands/connect.ts"
import { section } from "#server/commands/report.ts"
import { createProgress } from "#server/show-progress.ts"

export const exportAll: Command = {
  summary: "write all data to a directory, as files and JSON Lines",
  usage: `lapse export DIR [--member EMAIL]

  Writes everything of this installation to the new directory DIR: members, files, shares, links,
  access requests, events, the audit log and settings, each as DIR/NAME.jsonl, and every file under
  its name in DIR/files. --member EMAIL exports one member's data alone. A backup is another thing:
  it restores an installation, an export leaves it. docs/import.md says what is in it.`,
  operand: "DIR",
  options: { member: { type: "string" } },
  async run({ member }, name) {
    const directory = path.resolve(name)
    await connect()
    const { writeExport } = await import("#lib/rooms/exports/write-export.ts")
    const { say, done } = createProgress()
    const email = typeof member === "string" ? member : undefined
    const exporting = withTables(() => writeExport({ directory, email, say }))
    const { rows, files, bytes, failed } = await exporting.finally(done)
    const counts = Object.entries(rows).map(([table, count]) => `  ${table}.jsonl: ${count} lines`)
    const lines = [
      `Exported to ${directory}:`,
      ...counts,
      `  files: ${files} with ${formatBytes(bytes)}`,
      ...section(
        `${failed.length} files could not be read`,
        "run lapse reconcile",
        failed.map(({ name, why }) => `“${name}”: ${why}`),
      ),
    ]
    if (email === undefined)
      lines.push("It has the hashes of passwords: keep it as safe as the data directory.")
    console.log(lines.join("\n"))
    return failed.length > 0 ? EXIT.found : EXIT.clean
  },
}
