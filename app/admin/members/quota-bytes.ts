import { formText } from "#components/calls/on-submit.ts"

/** Reads the field `quotaGb` in bytes; null where it is empty, for the installation's default. */
export function quotaBytes(form: FormData): number | null {
  const quota = formText(form, "quotaGb")
  return quota === undefined ? null : Math.round(Number(quota) * 1e9)
}
