import "server-only"
import { z } from "zod"
import { rememberListSort, SORTED_LISTS } from "#lib/rooms/accounts/list-sorts.ts"
import {
  type ActingMember,
  MemberLanguage,
  MemberName,
  type SessionMember,
} from "#lib/rooms/accounts/member.ts"
import { changeLanguage } from "#lib/rooms/accounts/profile/change-language.ts"
import { changeName } from "#lib/rooms/accounts/profile/change-name.ts"
import { switchNotices } from "#lib/rooms/accounts/profile/notices.ts"
import { saveShareDefaults } from "./member-share-defaults.ts"
import { ShareDefaults } from "./share-defaults.ts"

/** The preferences that members change for themselves. A key that is left out keeps its value. */
export const ProfileChange = z
  .strictObject({
    name: MemberName,
    /** The order in which a list is sorted from now on. */
    listSort: z.strictObject({ list: z.enum(SORTED_LISTS), sort: z.string().max(40) }),
    /** The conditions that new shares begin with, replacing the earlier ones. */
    shareDefaults: ShareDefaults.strict(),
    /** Whether the member gets notices about the owner's shares by mail. */
    notices: z.boolean(),
    language: MemberLanguage,
  })
  .partial()
type ProfileChange = z.infer<typeof ProfileChange>

export async function changeOwnProfile(
  by: ActingMember & Pick<SessionMember, "owner" | "team">,
  { name, listSort, shareDefaults, notices, language }: ProfileChange,
): Promise<void> {
  const member = by.id
  if (name !== undefined) await changeName(by, name)
  if (listSort) await rememberListSort(member, listSort)
  if (notices !== undefined) await switchNotices(by, notices)
  if (language !== undefined) await changeLanguage(member, language)
  if (shareDefaults) await saveShareDefaults(by.owner, shareDefaults)
}
