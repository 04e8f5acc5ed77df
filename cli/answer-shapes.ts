import { EXIT, Failure } from "./failure.ts"

/** Whether a value has the type of an answer. Fields that no shape names stay as they are. */
export type Shape<Value> = (value: unknown) => value is Value

export type Of<Given> = Given extends Shape<infer Value> ? Value : never

export const text: Shape<string> = (value) => typeof value === "string"

export const flag: Shape<boolean> = (value) => typeof value === "boolean"

/** A size or a number of things. */
export const count: Shape<number> = (value): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0

export const anything: Shape<unknown> = (value): value is unknown => value !== undefined

export const orNull =
  <Value>(shape: Shape<Value>): Shape<Value | null> =>
  (value) =>
    value === null || shape(value)

export const optional =
  <Value>(shape: Shape<Value>): Shape<Value | null | undefined> =>
  (value) =>
    value === undefined || value === null || shape(value)

export const listOf =
  <Value>(shape: Shape<Value>): Shape<Value[]> =>
  (value): value is Value[] =>
    Array.isArray(value) && value.every(shape)

export const object =
  <Fields extends Record<string, Shape<unknown>>>(
    fields: Fields,
  ): Shape<{ [Name in keyof Fields]: Of<Fields[Name]> }> =>
  (value): value is { [Name in keyof Fields]: Of<Fields[Name]> } =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(([name, shape]) => shape(Reflect.get(value, name)))

/** Returns an answer that has the shape. Fails with a sentence if it has another. */
export function shaped<Value>(value: unknown, shape: Shape<Value>): Value {
  if (shape(value)) return value
  throw new Failure(EXIT.unavailable, NOT_LAPSE)
}

export const NOT_LAPSE = "What answers is not Lapse, or of another version. Check the address."
