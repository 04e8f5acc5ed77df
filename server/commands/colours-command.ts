import path from "node:path"
import { checkDatabases } from "#lib/adapters/database/check-database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { generateClient } from "#server/build/generate-client.ts"
import { takeDataDirectory } from "#server/configuration/data-directory.ts"
import { prepareConfiguration } from "#server/configuration/derive-configuration.ts"
import { startPostgres } from "../embedded/postgres.ts"
import { type Command, EXIT } from "./command.ts"
import { confirm } from "./confirm.ts"
import { withTables } from "./connect.ts"

export const colours: Command = {
  summary: "let the app's key sign for every file again",
  usage: `lapse colours off [--yes]

  Lets the app's own key sign for every file again, where you gave up S3_SIGNERS. Stop every Lapse
  on this database and remove S3_SIGNERS first; from the next start on, a cut off copies files.`,
  operand: "off",
  operands: ["off"],
  options: { yes: { type: "boolean" } },
  async run({ yes }) {
    const stop = await openDatabase()
    try {
      return await withTables(() => dropAll(yes === true))
    } finally {
      await stop()
    }
  },
}

/** Starts an embedded database: Lapse may refuse to start while files have a colour. */
async function openDatabase(): Promise<() => Promise<void>> {
  process.chdir(path.join(import.meta.dirname, "../.."))
  const server = prepareConfiguration(takeDataDirectory)
  if (server.embedsStore) {
    throw new SetupError(
      "The embedded object store manages its own signer keys, so they cannot be turned off.",
    )
  }
  if (server.given.S3_SIGNERS) {
    throw new SetupError(
      "S3_SIGNERS is set, so the next start would give files a colour again: remove it first.",
    )
  }
  await generateClient()
  if (server.embedsDatabase) {
    const postgres = await startPostgres({ directory: path.join(server.dataDirectory, "postgres") })
    return postgres.stop
  }
  await checkDatabases()
  return async () => {}
}

async function dropAll(isSure: boolean): Promise<number> {
  const { countColoured, dropColours } = await import("#lib/rooms/cut-offs/tags/drop-colours.ts")
  const count = await countColoured()
  if (count === 0) {
    console.log("No file has a colour.")
    return EXIT.clean
  }
  const question = `The app's key will sign for ${count} files, and cut offs will copy them. Is every Lapse on this database stopped?`
  if (!isSure && !(await confirm(question))) return EXIT.refused
  console.log(
    `${await dropColours()} files have no colour any more. Start Lapse without S3_SIGNERS.`,
  )
  return EXIT.clean
}
