import type { z } from "zod"

export type PageQuery = Promise<Record<string, string | string[] | undefined>>

/** Reads a list's query from its address. Leaves out invalid parameters, which people may type. */
export async function readListQuery<Schema extends z.ZodObject>(
  schema: Schema,
  query: PageQuery,
): Promise<z.output<Schema>> {
  const given = Object.entries(await query).flatMap(([name, value]) => {
    const one = Array.isArray(value) ? value[0] : value
    const field = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined
    return one && field?.safeParse(one).success ? [[name, one] as const] : []
  })
  return schema.parse(Object.fromEntries(given))
}

/** The address of a list with these parameters; empty ones are left out. */
export function listAddress(path: string, parameters: Record<string, string | null | undefined>) {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value) query.set(name, value)
  const text = query.toString()
  return text ? `${path}?${text}` : path
}
