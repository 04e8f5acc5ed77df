import { formText } from "#components/calls/on-submit.ts"
import { MAX_OBJECT_BYTES } from "#lib/object-size.ts"
import type { Policies, PolicyChange, PolicyName, PolicyView } from "#lib/policies/policy.ts"
import { UNITS } from "./units.ts"

/**
 * What a form changes of these policies. One whose value holds already is left out, so that it
 * stays where it comes from.
 */
export function policyChange(
  form: FormData,
  names: PolicyName[],
  policies: PolicyView,
): PolicyChange {
  const wanted = names.map((name) => [name, READ[name](form, name)] as const)
  const changed = wanted.filter(([name, value]) => !isSame(value, policies[name].value))
  return Object.fromEntries(changed) as PolicyChange // a value of each name
}

// In JSON a number that is none would be null, which is a value of some policies.
const isSame = (one: unknown, other: unknown) => String(one) === String(other)

/** NaN for a text that is no number: the API refuses it. */
const days = (form: FormData, name: string) => {
  const text = formText(form, name)
  return text === undefined ? null : Number(text)
}

const flag = (form: FormData, name: string) => formText(form, name) === "on"

const types = (form: FormData, name: string) =>
  (formText(form, name) ?? "").split(/[\s,;]+/).filter((type) => type !== "")

function bytes(form: FormData, name: string) {
  const amount = formText(form, name)
  if (amount === undefined) return MAX_OBJECT_BYTES
  const unit = UNITS.find(({ unit }) => unit === formText(form, `${name}Unit`))
  return Math.round(Number(amount) * (unit?.bytes ?? Number.NaN))
}

const READ: { [Name in PolicyName]: (form: FormData, name: string) => Policies[Name] } = {
  maxShareDays: days,
  defaultShareDays: days,
  passwordRequired: flag,
  limitRequired: flag,
  maxFileBytes: bytes,
  allowedTypes: (form, name) => (formText(form, name) ? types(form, name) : null),
  blockedTypes: types,
  directLinks: flag,
  previews: flag,
  inviters: (form, name) => (formText(form, name) === "members" ? "members" : "admins"),
  eventDays: days,
  auditDays: days,
}
