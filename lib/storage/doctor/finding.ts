import "server-only"
import type words from "../../../messages/en/doctor.json"

/** `skipped`: it could not be checked, or there is nothing to check. */
export type State = "ok" | "warn" | "fail" | "skipped"

type Checks = (typeof words)["checks"]

/** The id of a check, which is its name in messages/en/doctor.json. */
export type CheckId = keyof Checks

type Code<Id extends CheckId> = Exclude<keyof Checks[Id], "name"> | keyof (typeof words)["every"]

export type Values = Record<string, string | number>

/** The finding of one check; its words are in messages/en/doctor.json under its code. */
export type Found<Id extends CheckId> = {
  state: State
  code: Code<Id>
  values?: Values
  /** A text to paste, if the fix says so. */
  paste?: string
}

/** The finding of any check, as it is stored. */
export type Finding = {
  id: CheckId
  state: State
  code: string
  values?: Values
  paste?: string
}

export const json = (value: unknown) => JSON.stringify(value, null, 2)
