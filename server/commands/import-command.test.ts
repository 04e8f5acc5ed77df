import path from "node:path"
import pg from "pg"
import { afterAll, expect, it } from "vitest"
import { aStore } from "#packages/local-s3/testing.ts"
import { keepSecret, takeDataDirectory } from "#server/configuration/data-directory.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { runLapseHere } from "#testing/lapse/run-lapse-here.ts"
import { aPingvin } from "#testing/old-apps/a-pingvin.ts"
import { mountSmallDisk, noSmallDisk } from "#testing/small-disk.ts"
import { MIB } from "#testing/units.ts"

const stops: (() => unknown)[] = []
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
})

it.skipIf(noSmallDisk())(
  "an import that has no room on the disk begins nothing and says so, without a stack",
  async () => {
    const place = mountSmallDisk(600 * MIB)
    stops.push(place.remove)
    const directory = path.join(place.path, "data")
    stops.push(takeDataDirectory(directory).release)
    const store = await aStore({
      accessKeyId: keepSecret(directory, "local-s3-access-key-id", 15),
      secretAccessKey: keepSecret(directory, "local-s3-secret-access-key"),
      dir: path.join(directory, "objects"),
      bucket: "lapse",
    })
    stops.push(store.close)
    await copyTemplateCluster(path.join(directory, "postgres"))
    const postgres = await startPostgres({
      directory: path.join(directory, "postgres"),
      durable: false,
    })
    stops.push(postgres.stop)
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    stops.push(() => client.end())
    await client.query(`
    INSERT INTO member (id, email, name, password_hash, role)
    VALUES (gen_random_uuid(), 'ada@example.org', 'Ada', 'none', 'admin')`)
    const pingvin = aPingvin(place.path)
    pingvin.share({ id: "one", creatorId: pingvin.user() }, { "a.txt": "a" })
    pingvin.close()
    place.leave(100 * MIB) // less than the reserve

    const { code, said } = await runLapseHere(["import", "pingvin", place.path, "--apply"], {
      LAPSE_DATA_DIR: directory,
      LOCAL_S3_PORT: new URL(store.url).port,
    })

    expect(said).toMatch(
      /^Looking .*\nThe import needs 1 byte .*, which has room for 0 bytes of files: .*\n$/,
    )
    expect(code).toBe(1)
    expect((await client.query("SELECT FROM file UNION ALL SELECT FROM share")).rowCount).toBe(0)
  },
)
