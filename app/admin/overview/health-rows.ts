import { getLocale, getTranslations } from "next-intl/server"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { Health } from "#lib/web/health.ts"

/** A part of the installation, its state in words, and whether it works. */
export type HealthRow = { name: string; state: string; isWell: boolean }

type State = Health["database" | "storage" | "clocks"] | NonNullable<Health["disk"]>

/** Describes the results of /api/health. */
export async function healthRows(health: Health): Promise<HealthRow[]> {
  const t = await getTranslations("overview")
  const locale = await getLocale()
  const { database, storage, clocks, disk, freeBytes } = health
  const wordOf = (state: State) => t(`parts.${state}`)
  const row = (name: string, state: State) => ({
    name,
    state: wordOf(state),
    isWell: state === "ok" || state === "differ" || state === "unknown",
  })
  const free =
    freeBytes === undefined ? "" : ` · ${t("free", { size: formatBytes(freeBytes, locale) })}`
  return [
    row(t("database"), database),
    row(t("bucket"), storage),
    row(t("clocks"), clocks),
    ...(disk ? [{ ...row(t("disk"), disk), state: `${wordOf(disk)}${free}` }] : []),
  ]
}
