import { formText } from "#components/calls/on-submit.ts"

/** The field `quotaGb` in bytes; null where it is empty: the default of the installation. */
export function quotaBytes(form: FormData): number | null {
  const quota = formText(form, "quotaGb")
  return quota === undefined ? null : Math.round(Number(quota) * 1e9)
}
