import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, Prisma, type Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { AdminId, AuditorId, SessionAdmin } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { ONE_NIGHT } from "#lib/rooms/retention/night.ts"
import { DEFAULTS, lockSettingsForChange } from "#lib/rooms/settings/read-settings.ts"
import {
  NOT_BY_TOKEN,
  readRows,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  type SettingsChange,
  type SettingsView,
} from "#lib/rooms/settings/setting.ts"

/** Returns every setting with its value, its source and its default. */
export async function viewSettings(_by: AuditorId): Promise<SettingsView> {
  return viewOf(await setByAdmins(db))
}

type SetByAdmins = Partial<Settings>

const setByAdmins = async (tx: Pick<Tx, "setting">): Promise<SetByAdmins> =>
  readRows(await tx.setting.findMany({ select: { name: true, value: true } }))

function viewOf(set: SetByAdmins): SettingsView {
  const views = SETTING_NAMES.map((name) => [
    name,
    {
      value: name in set ? set[name] : DEFAULTS[name],
      source: name in set ? "admin" : "default",
      otherwise: DEFAULTS[name],
    },
  ])
  return Object.fromEntries(views) as SettingsView // one view for each name
}

/**
 * Changes settings, for every request sent after this returns, on every replica. Waits for shares
 * that are being made or edited. Each changed setting has an audit entry with both values. Refuses
 * `scope` if a token changes how people sign in or join, how long audit entries are kept, or what
 * happens to files that are too large to scan.
 */
export async function changeSettings(
  { adminId: admin, token }: Pick<SessionAdmin, "adminId" | "token">,
  { reset = [], ...wanted }: SettingsChange,
): Promise<SettingsView> {
  const field = NOT_BY_TOKEN.find((name) => name in wanted || reset.includes(name))
  if (field && token) throw refusal("scope", "token_never", {}, { field })
  return db.$transaction(async (tx) => {
    await lockSettingsForChange(tx)
    const before = viewOf(await setByAdmins(tx))
    await write(tx, admin, wanted)
    await tx.setting.deleteMany({ where: { name: { in: reset } } })
    const after = viewOf(await setByAdmins(tx))
    for (const name of SETTING_NAMES) await record(tx, { admin, name, before, after })
    if (!isSame(before.retention.value, after.retention.value)) {
      // Tells owners and the overview at once what goes first, a week before.
      await addJob(tx, "lapseFiles", {}, ONE_NIGHT)
    }
    return after
  })
}

async function write(tx: Tx, admin: AdminId, wanted: Omit<SettingsChange, "reset">) {
  const changedAt = await databaseTimeIn(tx)
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue
    const data = { value: value ?? Prisma.JsonNull, changedById: admin, changedAt }
    await tx.setting.upsert({
      where: { name },
      create: { name, ...data },
      update: data,
      select: { name: true },
    })
  }
}

type Change = { admin: AdminId; name: SettingName; before: SettingsView; after: SettingsView }

async function record(tx: Tx, { admin, name, before, after }: Change) {
  const [old, now] = [before[name], after[name]]
  if (isSame(old.value, now.value) && old.source === now.source) return
  await recordAudit(tx, {
    actorId: admin,
    action: "setting.change",
    targetId: name,
    details: {
      setting: name,
      value: detailOf(now.value),
      before: detailOf(old.value),
      source: now.source,
    },
  })
}

function detailOf(value: Settings[SettingName]) {
  if (Array.isArray(value)) return value.join(", ")
  if (typeof value !== "object" || value === null) return value
  const days = Object.entries(value).filter(([, days]) => days !== null)
  return days.map(([name, days]) => `${name} ${days}`).join(", ") || null
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
