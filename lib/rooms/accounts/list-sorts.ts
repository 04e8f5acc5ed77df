import "server-only"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import type { MemberId } from "./member.ts"

export const SORTED_LISTS = ["shares", "files", "requests"] as const
export type SortedList = (typeof SORTED_LISTS)[number]

const Sorts = z.partialRecord(z.enum(SORTED_LISTS), z.string())

/** Returns the sort order that a member last chose for a list; null if none was chosen. */
export async function findListSort(member: MemberId, list: SortedList): Promise<string | null> {
  const row = await db.member.findUnique({ where: { id: member }, select: { listSorts: true } })
  return Sorts.safeParse(row?.listSorts).data?.[list] ?? null
}

/** Stores the sort order that a member chose for a list, for all of the member's browsers. */
export async function rememberListSort(
  member: MemberId,
  { list, sort }: { list: SortedList; sort: string },
): Promise<void> {
  await db.$executeRaw`
    UPDATE member SET list_sorts = list_sorts || jsonb_build_object(${list}::text, ${sort}::text)
    WHERE id = ${member}::uuid`
}
