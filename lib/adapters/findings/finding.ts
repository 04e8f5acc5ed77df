import "server-only"
import type words from "../../../messages/en/checks.json"

/** `skipped`: it could not be checked, or there is nothing to check. */
export type State = "ok" | "warn" | "fail" | "skipped"

type Lines = (typeof words)["lines"]

/** The id of a check, which is its name in messages/en/checks.json. */
export type CheckId = keyof Lines

/** The checks of certificates, which share most of their texts. */
type CertificateCheck = "tls" | "store_tls"
export const isOfCertificate = (id: CheckId) => id === "tls" || id === "store_tls"

type Code<Id extends CheckId> =
  | Exclude<keyof Lines[Id], "name">
  | keyof (typeof words)["every"]
  | (Id extends CertificateCheck ? keyof (typeof words)["certificate"] : never)

/** An instant in ISO 8601 UTC is shown as a date and time, bytes as a size. */
export type Value = string | number | { bytes: number }
export type Values = Record<string, Value>

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
export type Need = "database" | "bucket" | "writing" | "clocks" | "public" | "provider"

/** One line of the list. */
export type Check<Id extends CheckId, Tools> = {
  group: keyof (typeof words)["page"]["groups"]
  needs?: readonly Need[]
  run: (tools: Tools) => Promise<Found<Id>>
}

export const json = (value: unknown) => JSON.stringify(value, null, 2)
