import "server-only"
import { z } from "zod"

const DAY_SECONDS = 86_400
/** What S3 takes. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 4
const count = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(min).max(max)
const origin = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""))
const list = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean))
const yes = z.stringbool()

const Settings = z
  .object({
    APP_URL: origin.default("http://localhost:3000"),
    LAPSE_DATA_DIR: z.string().default("./data"),

    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must start with postgresql://"),
    DATABASE_DIRECT_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must start with postgresql://")
      .optional(),

    S3_BUCKET: z.string(),
    S3_REGION: z.string().default("us-east-1"),
    S3_ENDPOINT: origin.optional(), // unset means AWS
    S3_PUBLIC_ENDPOINT: origin.optional(), // what browsers call, if it differs from what the server calls
    S3_FORCE_PATH_STYLE: yes.optional(), // unset means path style exactly when an endpoint is named

    AUTH_SECRET: z.string().min(32, "needs at least 32 characters"),
    /** The first signs, all verify. */
    LINK_SECRET: list.refine(
      (secrets) => secrets.length > 0 && secrets.every((s) => s.length >= 32),
      "needs at least 32 characters each",
    ),

    /** Both or neither: the first admin, made without the setup page. */
    ADMIN_EMAIL: z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.email("must be an email address").max(254))
      .optional(),
    ADMIN_PASSWORD: z.string().min(10, "needs at least 10 characters").max(200).optional(),

    MINT_TTL_SECONDS: count(15, 300).default(60),
    TICKET_HOURS: count(1, 24 * 30).default(24),
    UPLOAD_IDLE_HOURS: count(1, 720).default(24),
    MAX_FILE_BYTES: count(1, MAX_OBJECT_BYTES).default(MAX_OBJECT_BYTES),
    DEFAULT_QUOTA_BYTES: count(0).optional(), // unset means no quota
    MAX_SHARE_DAYS: count(1, 36_500).optional(), // unset means a share may stay open for good
    TRUSTED_PROXIES: list.default([]),
    METRICS_TOKEN: z.string().min(16, "needs at least 16 characters").optional(),
  })
  .refine(
    (settings) => (settings.ADMIN_EMAIL === undefined) === (settings.ADMIN_PASSWORD === undefined),
    {
      path: ["ADMIN_EMAIL"],
      error: "needs ADMIN_PASSWORD beside it: set both or neither",
    },
  )
export type Settings = z.infer<typeof Settings>

/** Exported for its test and the start script; everything else reads `env`. Throws a sentence per setting that is wrong. */
export function parseSettings(source: Record<string, string | undefined>): Settings {
  // Compose files pass an unset variable as an empty string.
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""))
  const result = Settings.safeParse(set)
  if (result.success) return result.data
  const wrong = result.error.issues.map(
    ({ path, message }) =>
      `${path.join(".")} cannot be used (${message}): correct it, or unset it.`,
  )
  throw new Error(wrong.join("\n"))
}

// `next build` loads every module on a machine that has no configuration.
const building = process.env.NEXT_PHASE === "phase-production-build"

export const settings = building ? ({} as Settings) : parseSettings(process.env)

export const ticketSeconds = () => (settings.TICKET_HOURS / 24) * DAY_SECONDS
