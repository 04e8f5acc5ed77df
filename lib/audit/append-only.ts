import "server-only"
import { SetupError } from "#lib/errors.ts"

type Query = (text: string) => Promise<Record<string, unknown>[]>

/** What the app may do with a table of the log; it may read and add to both. */
const TABLES = ["audit_entry", "audit_seal"]

/**
 * Throws a SetupError where the role of a connection can change or delete entries of the audit log
 * or their seals, or could give itself the right to. `setting` names the connection.
 */
export async function requireAppendOnly(setting: string, query: Query): Promise<void> {
  const reasons: string[] = []
  const [role] = await query(ROLE)
  if (role?.rolsuper) reasons.push("is a superuser")
  if (role?.rolcreaterole) reasons.push("may make roles")
  for (const table of TABLES) {
    const [rights] = await query(rightsOn(table))
    if (rights?.owns) reasons.push(`owns ${table} or is a member of its owner`)
    if (rights?.drops) reasons.push(`owns the schema of ${table}, so it may drop the table`)
    for (const right of ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER"])
      if (rights?.[right.toLowerCase()]) reasons.push(`has ${right} on ${table}`)
    for (const [verb, statement] of attempts(table))
      if (!(await isForbidden(query, statement))) reasons.push(`could ${verb} rows of ${table}`)
  }
  if (reasons.length === 0) return
  throw new SetupError(
    `AUDIT_APPEND_ONLY is on, and the role "${role?.rolname}" of ${setting} ${reasons.join(", ")}: prepare the database as docs/operations.md says, or unset AUDIT_APPEND_ONLY.`,
  )
}

const ROLE = `SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user`

const rightsOn = (table: string) => `
  SELECT pg_has_role(current_user, c.relowner, 'MEMBER') AS owns,
    pg_has_role(current_user, n.nspowner, 'MEMBER') AS drops,
    has_any_column_privilege(current_user, c.oid, 'UPDATE') AS update,
    has_table_privilege(current_user, c.oid, 'DELETE') AS delete,
    has_table_privilege(current_user, c.oid, 'TRUNCATE') AS truncate,
    has_table_privilege(current_user, c.oid, 'TRIGGER') AS trigger
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = '${table}'::regclass`

// What the catalog says is tried too. Neither touches a row: the right is checked before.
const attempts = (table: string) => [
  ["delete", `DELETE FROM ${table} WHERE false`],
  [
    "change",
    `UPDATE ${table} SET ${table === "audit_entry" ? "id = id" : "hash = hash"} WHERE false`,
  ],
]

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: insufficient_privilege. */
async function isForbidden(query: Query, statement = "") {
  try {
    await query(statement)
    return false
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "42501") return true
    throw error
  }
}
