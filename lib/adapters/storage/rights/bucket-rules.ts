import "server-only"
import type { CORSRule, LifecycleRule } from "@aws-sdk/client-s3"

const STALE_DAYS = 14
/** A rule that ends uploads earlier ends those that Lapse still continues. */
const LEAST_DAYS = 4

/** The headers that pages request in a preflight, and those that they read from the answer. */
export const CORS_HEADERS = {
  PUT: ["content-type", "if-none-match", "x-amz-checksum-sha256"],
  GET: ["range", "if-range"],
  exposed: ["etag", "content-range"],
} as const

export const CORS_RULE_ID = "lapse-pages"

/** The CORS rule that lets the app's pages read and write by presigned URLs. */
export const corsRule = (appOrigin: string) => ({
  AllowedOrigins: [appOrigin],
  AllowedMethods: ["GET", "HEAD", "PUT"],
  AllowedHeaders: ["content-type", "range", "if-range", "if-match", "if-none-match", "x-amz-*"],
  ExposeHeaders: ["ETag", "Content-Range", "Content-Length", "Accept-Ranges"],
  MaxAgeSeconds: 3600,
})

/** The CORS rule, with the name by which it is replaced later. */
export const namedCorsRule = (appOrigin: string): CORSRule => ({
  ID: CORS_RULE_ID,
  ...corsRule(appOrigin),
})

export const STALE_PARTS_RULE_ID = "lapse-stale-parts"

/**
 * The rule that aborts multipart uploads that Lapse lost track of. Lapse itself ends idle uploads
 * sooner. This rule acts later, because it also ends uploads that are slow but not idle.
 */
export const stalePartsRule: LifecycleRule = {
  ID: STALE_PARTS_RULE_ID,
  Status: "Enabled",
  Filter: { Prefix: "" },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: STALE_DAYS },
}

const prefixOf = ({ Filter, Prefix }: LifecycleRule) =>
  Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? ""

/** Whether a rule applies to keys with this prefix, or to some of them. */
const touches = (rule: LifecycleRule, prefix: string) =>
  rule.Status === "Enabled" &&
  (prefixOf(rule).startsWith(prefix) || prefix.startsWith(prefixOf(rule)))

export const abortsStaleParts = (rules: readonly LifecycleRule[]) =>
  rules.some(
    (rule) =>
      rule.Status === "Enabled" &&
      rule.AbortIncompleteMultipartUpload !== undefined &&
      "o/".startsWith(prefixOf(rule)),
  )

/** Returns the name of a rule that ends uploads too early, and after how many days; null for none. */
export function findEarlyRule(rules: readonly LifecycleRule[]) {
  for (const rule of rules) {
    const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? STALE_DAYS
    if (days < LEAST_DAYS && touches(rule, "o/")) return { rule: nameOf(rule), days }
  }
  return null
}

const nameOf = (rule: LifecycleRule) => rule.ID ?? prefixOf(rule)

/** Returns the name of a rule that deletes or moves files; null for none. */
export function findHarmfulRule(rules: readonly LifecycleRule[]): string | null {
  const harmful = rules.find(
    (rule) =>
      touches(rule, "o/") &&
      (rule.Expiration?.Days !== undefined ||
        rule.Expiration?.Date !== undefined ||
        (rule.Transitions ?? []).length > 0),
  )
  return harmful ? nameOf(harmful) : null
}
