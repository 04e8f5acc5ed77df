import "server-only"
import { z } from "zod"
import { MAX_OBJECT_BYTES } from "#lib/object-size.ts"

const Days = z
  .int("Give a number of days.")
  .min(1, "Give at least one day.")
  .max(36_500, "Give at most 36,500 days.")

/** "pdf", "tar.gz", "image/*" or "application/pdf". */
const FileType = z
  .string()
  .trim()
  .toLowerCase()
  .transform((type) => type.replace(/^\*?\./, ""))
  .pipe(
    z
      .string()
      .max(100)
      .regex(
        /^([a-z0-9][a-z0-9._-]*|[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]*))$/,
        "Write file types like pdf, tar.gz or image/*.",
      ),
  )

const FileTypes = z
  .array(FileType)
  .max(200, "List at most 200 file types.")
  .transform((types) => [...new Set(types)])

/** The value of each policy. */
const values = {
  /** Longest life of a share in days; null: no limit. */
  maxShareDays: Days.nullable(),
  /** After how many days a share ends whose maker set no end; null: never. */
  defaultShareDays: Days.nullable(),
  passwordRequired: z.boolean(),
  /** Whether every share needs a limit of downloads. */
  limitRequired: z.boolean(),
  maxFileBytes: z
    .int("Give a number of bytes.")
    .min(1, "Allow at least one byte.")
    .max(MAX_OBJECT_BYTES, "A file can have at most 5 TiB."),
  /** Only these can be uploaded; null: all. */
  allowedTypes: FileTypes.refine(
    (types) => types.length > 0,
    "List at least one file type.",
  ).nullable(),
  /** These cannot be uploaded. */
  blockedTypes: FileTypes,
  directLinks: z.boolean(),
  previews: z.boolean(),
  inviters: z.enum(["admins", "members"]),
  /** For how many days the events of links are kept; null: for ever. */
  eventDays: Days.nullable(),
  /** For how many days audit entries are kept; null: for ever. */
  auditDays: Days.nullable(),
}

const PolicyValues = z.object(values)

/** What admins decide for everyone while Lapse runs. */
export type Policies = z.infer<typeof PolicyValues>
export type PolicyName = keyof Policies

export const POLICY_NAMES = PolicyValues.keyof().options

/** A change of policies: a key that is left out keeps its value. */
export const PolicyChange = PolicyValues.partial().extend({
  /** These follow the environment again. */
  reset: z.array(PolicyValues.keyof()).max(POLICY_NAMES.length).optional(),
})
export type PolicyChange = z.infer<typeof PolicyChange>

/** The policies among the rows of the database. A value that no version wrote is left out. */
export function readRows(rows: { name: string; value: unknown }[]): Partial<Policies> {
  const known = rows.flatMap(({ name, value }) => {
    const parsed = PolicyValues.partial().safeParse({ [name]: value })
    return parsed.success ? Object.entries(parsed.data) : []
  })
  return Object.fromEntries(known)
}

/** Where the value of a policy comes from. */
export type PolicySource = "admin" | "environment" | "default"

/** A policy as admins see it. */
export type PolicyView = {
  [Name in PolicyName]: {
    value: Policies[Name]
    source: PolicySource
    /** The value without an admin's. */
    otherwise: Policies[Name]
  }
}
