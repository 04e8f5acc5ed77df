import "server-only"
import { z } from "zod"
import type words from "../../../messages/en/checks.json"

/** `skipped`: it could not be checked, or there is nothing to check. */
export const STATES = ["ok", "warn", "fail", "skipped"] as const
export type State = (typeof STATES)[number]

type Lines = (typeof words)["lines"]

/** The id of a check, which is its name in messages/en/checks.json. */
export type CheckId = keyof Lines

type Code<Id extends CheckId> = Exclude<keyof Lines[Id], "name"> | keyof (typeof words)["every"]

/**
 * A value is shown as it is; an instant in ISO 8601 UTC is shown as a date and time, bytes as a
 * size.
 */
const Value = z.union([z.string(), z.number(), z.strictObject({ bytes: z.number() })])
export type Value = z.infer<typeof Value>
export const Values = z.record(z.string(), Value)
export type Values = z.infer<typeof Values>

/** The result of one check. Its texts are in messages/en/checks.json under its code. */
export type Found<Id extends CheckId> = {
  state: State
  code: Code<Id>
  values?: Values
  /** A text to paste, if the suggested fix needs one. */
  paste?: string
}

/** The result of any check, as it is stored. */
export type Finding = Omit<Found<CheckId>, "code"> & { id: CheckId; code: string }

/** A precondition that another check has to confirm. Otherwise the check is skipped. */
export type Need = "database" | "bucket" | "clocks" | "public"

/** One line of the list. */
export type Check<Id extends CheckId, Tools> = {
  group: keyof (typeof words)["page"]["groups"]
  needs?: readonly Need[]
  run: (tools: Tools) => Promise<Found<Id>>
}

export const json = (value: unknown) => JSON.stringify(value, null, 2)
