import { findListSort, type SortedList } from "#lib/rooms/accounts/list-sorts.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"

type Sorted<Sort> = { list: SortedList; sorts: readonly Sort[]; asked: Sort | undefined }

/** The sort order of a member's list: the one in its address, or the one that was chosen last. */
export async function sortOf<Sort extends string>(
  member: MemberId,
  { list, sorts, asked }: Sorted<Sort>,
): Promise<Sort | "-created"> {
  if (asked) return asked
  const last = await findListSort(member, list)
  return sorts.find((sort) => sort === last) ?? "-created"
}
