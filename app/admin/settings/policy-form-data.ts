import { formText } from "#lib/input.ts"
import { MAX_OBJECT_BYTES } from "#lib/object-size.ts"
import type { PolicyName } from "#lib/policies/policy.ts"
import { UNITS } from "./units.ts"

/** The change of policies that a form asks for, to be parsed. */
export function readPolicyForm(form: FormData): Record<string, unknown> {
  const reset = formText(form, "reset")
  if (reset) return { reset: [reset] }
  const names = (formText(form, "of") ?? "").split(" ").filter(isName)
  return Object.fromEntries(names.map((name) => [name, READ[name](form, name)]))
}

type Read = (form: FormData, name: string) => unknown

const isName = (name: string): name is PolicyName => Object.hasOwn(READ, name)

const days: Read = (form, name) => {
  const text = formText(form, name)
  return text === undefined ? null : Number(text)
}

const flag: Read = (form, name) => formText(form, name) === "on"

const types: Read = (form, name) =>
  (formText(form, name) ?? "").split(/[\s,;]+/).filter((type) => type !== "")

const bytes: Read = (form, name) => {
  if (formText(form, name) === undefined) return MAX_OBJECT_BYTES
  const unit = UNITS.find(({ unit }) => unit === formText(form, `${name}Unit`))
  return Math.round(Number(formText(form, name) ?? Number.NaN) * (unit?.bytes ?? Number.NaN))
}

const READ: Record<PolicyName, Read> = {
  maxShareDays: days,
  defaultShareDays: days,
  passwordRequired: flag,
  limitRequired: flag,
  maxFileBytes: bytes,
  allowedTypes: (form, name) => (formText(form, name) ? types(form, name) : null),
  blockedTypes: types,
  directLinks: flag,
  previews: flag,
  inviters: formText,
  eventDays: days,
  auditDays: days,
}
