import "server-only"
import { z } from "zod"

/** The types in JSON Schema of schemas that only TypeScript describes: those of `z.custom`. */
export const jsonTypes = z.registry<{ type: "string" | "object" }>()

/** By schemas that accept anything, those by which their values are parsed later. */
export const laterSchemas = new WeakMap<object, z.ZodType>()

/** Accepts anything, because each value is parsed later and refused on its own. */
export function parsedLaterBy(schema: z.ZodType): z.ZodUnknown {
  const anything = z.unknown()
  laterSchemas.set(anything, schema)
  return anything
}
