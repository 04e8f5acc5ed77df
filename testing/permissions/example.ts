import type { Call } from "#lib/web/api/call.ts"
import type { At } from "#lib/web/api/calls/all-calls.ts"
import type { Caller, Case } from "./callers.ts"
import { CASES } from "./cases.ts"

/** The first case of a call that succeeds, or else one that is refused, and who makes it. */
export function shownCase({ at, by }: Pick<Call, "at" | "by">): { caller: Caller; row: Case } {
  const rows: readonly Case[] = CASES[at as At]
  const callers = by === "admin" ? (["admin"] as const) : (["owner", "admin"] as const)
  const pairs = callers.flatMap((caller) => rows.map((row) => ({ caller, row })))
  const shown = pairs.find(({ caller, row }) => row.statuses[caller] < 400) ?? pairs[0]
  if (!shown) throw new Error(`${at} has no case.`)
  return shown
}

type Asked = { id: string; as: string | null }

/** A call and its answer, without what differs from run to run. */
export async function exampleOf(at: string, row: Case, { id, as }: Asked, answer: Response) {
  // Lines of CSV end with CR LF.
  const text = (await answer.text()).replaceAll("\r", "")
  const isJson = /json$/.test(answer.headers.get("content-type") ?? "")
  const { asked, body, location, answered } = steady({
    asked: at.replace("{id}", encodeURIComponent(id)) + (row.query?.(id) ?? ""),
    body: row.body?.(id, as),
    location: answer.headers.get("location"),
    answered: row.differs ? undefined : isJson ? JSON.parse(text) : text.trim() || undefined,
  })
  return [
    asked,
    ...(body === undefined ? [] : [laidOut(body)]),
    "",
    String(answer.status),
    ...(location ? [`Location: ${location}`] : []),
    ...(answered === undefined ? [] : [isJson ? laidOut(answered) : answered]),
  ].join("\n")
}

const ID = "0199c2f0-8a51-7c3e-9d04-5b1f2e6a7c"
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Values that differ from run to run, and their replacements. Ids are numbered before. */
const CHANGING: [RegExp, string][] = [
  [/0199c2f0[0-9a-f-]{28}@example\.org/g, "ada@example.org"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-12-31T12:00:00.000Z"],
  [/20\d\d-\d\d-\d\d(?!T)/g, "2026-12-31"],
  [/http:\/\/localhost:3000/g, "https://files.example.com"],
  [/http:\/\/(localhost|127\.0\.0\.1):\d+[^"\s]*/g, "https://bucket.example.com/o/…"],
  [/\/(?!0199c2f0)[\w-]{32,}/g, "/kY3vT0aQ7sJmR2xWb9LdF5hNcE8uGpZo"],
  [/lapse_\w{30,}/g, "lapse_…"],
  [
    /otpauth:[^"]*/g,
    "otpauth://totp/Lapse:ada%40example.org?issuer=Lapse&secret=JBSWY3DPEHPK3PXP…",
  ],
  [/"\d{6}"/g, '"123456"'],
  [/\b[B-Z]{4}-[B-Z]{4}\b/g, "BCDF-GHJK"],
  [/"\w{4}(-\w{4}){3}"/g, '"WM7L-2JHS-F7WJ-RCC8"'],
  [/"(id|challenge)":"[\w-]{40,}"/g, '"$1":"dQ3xKpV7…"'],
  [/"hash":"\w{64}"/g, '"hash":"46d802bf…"'],
]

/** The fields that differ from run to run. */
const CHANGING_FIELDS: Record<string, string> = {
  secret: "JBSWY3DPEHPK3PXP…",
  deviceCode: "dQ3xKpV7…",
  version: "3a426641af010156cd96319afdf446ae",
}

function steady<Value>(value: Value): Value {
  const ids = new Map<string, string>()
  const numbered = (id: string) => {
    const known = ids.get(id) ?? ID + (0x80 + ids.size).toString(16)
    ids.set(id, known)
    return known
  }
  const text = CHANGING.reduce(
    (rest, [pattern, fixed]) => rest.replace(pattern, fixed),
    JSON.stringify(value).replace(UUID, numbered),
  )
  return JSON.parse(text, (name, part) => {
    if (Array.isArray(part)) return part.slice(0, 2)
    if (typeof part !== "string") return part
    return CHANGING_FIELDS[name] ?? (part.length > 300 ? `${part.slice(0, 100)}…` : part)
  })
}

const WIDTH = 100

/** JSON with as much in a line as fits. */
function laidOut(value: unknown, indent = "", before = ""): string {
  const flat = JSON.stringify(value)
  if (typeof value !== "object" || value === null) return flat
  if (indent.length + before.length + flat.length < WIDTH) return flat
  const [open, close] = Array.isArray(value) ? "[]" : "{}"
  const inner = `${indent}  `
  const parts = Object.entries(value).map(([name, part]) => {
    const named = Array.isArray(value) ? "" : `${JSON.stringify(name)}: `
    return inner + named + laidOut(part, inner, named)
  })
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    const isShort = last && !`${last}${part}`.includes("\n") && last.length + part.length < WIDTH
    lines.push(isShort ? `${lines.pop()}, ${part.trimStart()}` : part)
  }
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`
}
