import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { PrismaPg } from "@prisma/adapter-pg"
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils"
import * as engineModule from "@prisma/schema-engine-wasm/schema_engine_bg"
import pg from "pg"
import { migrate } from "#prisma/migrate.ts"
import { startPostgres } from "#server/embedded/postgres.ts"

// Writes the SQL that leads from the migrations to the schema, compared on a temporary server. The
// engine is Prisma's own as WebAssembly, so nothing is downloaded.
const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error("Usage: npm run migrate:new -- what_it_does")
  process.exit(1)
}

const prisma = path.join(import.meta.dirname, "../prisma")
const schemaPath = path.join(prisma, "schema.prisma")
const schema = { path: schemaPath, content: readFileSync(schemaPath, "utf8") }
const directory = mkdtempSync(path.join(tmpdir(), "lapse-migration-"))
const postgres = await startPostgres({ directory, durable: false })
try {
  await migrate(postgres.url)
  const sql = await difference(postgres.url)
  if (sql.trim() === "-- This is an empty migration.") {
    console.log("The migrations already lead to the schema.")
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14)
    const folder = path.join(prisma, "migrations", `${stamp}_${name}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, "migration.sql"), sql)
    const lock = path.join(prisma, "migrations/migration_lock.toml")
    if (!existsSync(lock)) writeFileSync(lock, 'provider = "postgresql"\n')
    console.log(path.relative(process.cwd(), path.join(folder, "migration.sql")))
  }
} finally {
  await postgres.stop()
  rmSync(directory, { recursive: true, force: true })
}

async function difference(url: string) {
  const wasm = fileURLToPath(import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg"))
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm.replace(/\.js$/, ".wasm")), {
    "./schema_engine_bg.js": engineModule,
  } as unknown as WebAssembly.Imports)
  engineModule.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === "function") start()

  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapterForCatalogs(url)),
  )
  const { stdout } = await engine.diff({
    from: { tag: "schemaDatasource", files: [schema], configDir: prisma },
    to: { tag: "schemaDatamodel", files: [schema] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  engine.free()
  return stdout ?? ""
}

/** Prisma's adapter with the catalogs' type "char", which it refuses: read as text. */
function adapterForCatalogs(url: string) {
  const CHAR = 18
  const charColumns = new WeakMap<unknown[], number[]>()
  const pool = new pg.Pool({ connectionString: url })
  const query = pool.query.bind(pool)
  Object.assign(pool, {
    async query(config: pg.QueryArrayConfig) {
      const result = await query(config)
      const columns = result.fields ?? []
      const found = columns.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR ? [index] : []))
      charColumns.set(result.rows, found)
      for (const index of found) Object.assign(columns[index] ?? {}, { dataTypeID: 25 })
      return result
    },
  })
  const factory = new PrismaPg(pool, { disposeExternalPool: true })
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (sql) => {
      const set = await queryRaw(sql)
      for (const index of charColumns.get(set.rows) ?? []) {
        set.columnTypes[index] = ColumnTypeEnum.Character
      }
      return set
    }
    return adapter
  }
  return factory
}
