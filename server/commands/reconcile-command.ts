import type { Reconciliation } from "#lib/rooms/files/objects/reconcile.ts"
import { type Command, EXIT } from "./command.ts"
import { connect, withTables } from "./connect.ts"
import { section } from "./report.ts"

export const reconcile: Command = {
  summary: "compare the bucket with the database",
  usage: `lapse reconcile [--apply]

  Compares the bucket with the database and says what only one of them knows. --apply deletes it,
  and gives files whose object is missing the copy that the bucket has of them. It reads the same settings as lapse start. Two installations must not share a bucket: each would
  take the other's objects for its own leftovers.`,
  options: { apply: { type: "boolean" } },
  async run({ apply = false }) {
    await connect()
    const { reconcile } = await import("#lib/rooms/files/objects/reconcile.ts")
    const found = await withTables(() => reconcile({ apply: apply === true }))
    console.log(report(found))
    return findings(found) > 0 && !apply ? EXIT.found : EXIT.clean
  },
}

const findings = ({ adopted, orphans, multiparts, lost, overdue }: Reconciliation) =>
  adopted.length + orphans.length + multiparts.length + lost.length + overdue.length

function report(found: Reconciliation) {
  const { applied, objects, rows, adopted, orphans, multiparts, lost, overdue } = found
  const { probes, young, foreign } = found
  const lines = [
    `Compared ${objects} objects in the bucket with ${rows} files in the database.`,
    ...section(
      `${adopted.length} files have no object, and the bucket has a copy of theirs`,
      applied ? "adopted" : "--apply adopts the copies",
      adopted.map(({ copy, size, name, owner }) => `${copy}  ${size} bytes  “${name}” of ${owner}`),
    ),
    ...section(
      `${orphans.length} objects have no row`,
      applied ? "deleted" : "--apply deletes them",
      orphans.map(({ key, size }) => `${key}  ${size} bytes`),
    ),
    ...section(
      `${multiparts.length} unfinished uploads in parts have no row`,
      applied ? "aborted" : "--apply aborts them",
      multiparts.map(({ key, uploadId }) => `${key}  ${uploadId}`),
    ),
    ...section(
      `${overdue.length} objects were to be deleted more than a day ago`,
      applied ? "deleted" : "--apply deletes them",
      overdue.map(({ key }) => key),
    ),
    ...section(
      `${lost.length} files have no object, so their bytes are gone`,
      applied ? "deleted" : "put the objects back from a backup, or --apply deletes the files",
      lost.map(({ key, size, name, owner }) => `${key}  ${size} bytes  “${name}” of ${owner}`),
    ),
  ]
  if (probes > 0) {
    const what = applied ? "deleted" : "the hourly sweep deletes them"
    lines.push("", `${probes} are left from probes of the store: ${what}.`)
  }
  if (young > 0) lines.push("", `${young} without a row are younger than a day and left alone.`)
  if (foreign > 0)
    lines.push("", `${foreign} have names that Lapse does not give and are left alone.`)
  if (findings(found) === 0) lines.push("", "The bucket and the database agree.")
  else if (!applied) {
    lines.push(
      "",
      "Nothing was changed. Before --apply, be sure that no other installation uses this bucket:",
      "two must not share one, because each takes the other's objects for its own leftovers.",
    )
  }
  return lines.join("\n")
}
