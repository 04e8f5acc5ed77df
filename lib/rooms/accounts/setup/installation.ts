import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { linkSecretCheckValues } from "#lib/adapters/secrets.ts"

/**
 * Returns the installation's id. In a transaction it also locks the row, so that the first-run
 * steps of all replicas run one after another.
 */
export async function lockInstallation(tx: Pick<Tx, "$queryRaw">): Promise<string> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO installation (id) VALUES (1)
    ON CONFLICT (id) DO UPDATE SET id = excluded.id
    RETURNING installation_id::text AS id`
  const [row] = rows
  if (!row) throw new Error("the installation has no row")
  return row.id
}

export async function installationId(): Promise<string> {
  const { installationId } = await db.installation.upsert({
    where: { id: 1 },
    create: {},
    update: {},
    select: { installationId: true },
  })
  return installationId
}

/**
 * Stores a check value of every link secret. Throws a SetupError if none of them signed the links
 * of this database, since all of those links would stop working.
 */
export async function checkLinkSecrets(): Promise<void> {
  const held = linkSecretCheckValues()
  await db.$transaction(async (tx) => {
    await lockInstallation(tx)
    const known = await tx.linkSecret.findMany({ select: { checkValue: true } })
    if (known.length > 0 && !known.some(({ checkValue }) => held.includes(checkValue))) {
      throw new SetupError(
        "LINK_SECRET is none of the secrets that this database's links were signed with, so no link would work. " +
          "Set LINK_SECRET to the old secret, or to the new and the old one separated by a comma.",
      )
    }
    await tx.linkSecret.createMany({
      data: held.map((checkValue) => ({ checkValue })),
      skipDuplicates: true,
    })
  })
}

/** Records the version that starts on this database, for the checks and for earlier versions. */
export async function noteVersion(version: string): Promise<void> {
  await db.installation.updateMany({ data: { dataVersion: version } })
}
