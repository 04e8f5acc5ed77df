import { readText } from "#lib/adapters/configuration.ts"
import { checkDatabase } from "#lib/adapters/database/check-database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { migrate as applyMigrations } from "#prisma/migrate.ts"
import { loadEnvironment } from "#server/configuration/load-environment.ts"
import { type Command, EXIT } from "./command.ts"

export const migrate: Command = {
  summary: "apply the migrations that DATABASE_URL lacks",
  usage: `lapse migrate

  Applies the migrations that the database of DATABASE_URL lacks. lapse start does so automatically.`,
  options: {},
  async run() {
    loadEnvironment()
    const direct = readText("DATABASE_DIRECT_URL")
    const url = direct ?? readText("DATABASE_URL")
    if (!url) throw new SetupError("Set DATABASE_URL to the database to migrate.")
    await checkDatabase(direct ? "DATABASE_DIRECT_URL" : "DATABASE_URL", url, ["sessions"])
    const applied = await applyMigrations(url)
    console.log(applied.length ? applied.join("\n") : "Nothing to apply.")
    return EXIT.clean
  },
}
