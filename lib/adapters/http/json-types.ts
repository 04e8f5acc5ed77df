import "server-only"
import { z } from "zod"

/** The types in JSON Schema of schemas that only TypeScript describes: those of `z.custom`. */
export const jsonTypes = z.registry<{ type: "string" | "object" }>()

/** The schemas by which values are parsed later, one by one, that their own schema lets through. */
export const parsedLater = z.registry<{ as: z.ZodType }>()
