"use server"

import { redirect } from "next/navigation"
import { z } from "zod"
import { rememberListSort, SORTED_LISTS } from "#lib/accounts/list-sorts.ts"
import { formText, parse } from "#lib/input.ts"
import { memberAction } from "#lib/web/action.ts"
import { beginAction } from "#lib/web/document.ts"
import { endSession } from "#lib/web/session.ts"

/** Ends this browser's session. */
export async function signOut() {
  beginAction()
  await endSession()
  redirect("/sign-in")
}

const ListSort = z.object({ list: z.enum(SORTED_LISTS), sort: z.string().max(40) })

/** Fields `list` and `sort`: the order by which the member sorts it from now on. */
export const rememberSortAction = memberAction((member, form) =>
  rememberListSort(
    member.id,
    parse(ListSort, { list: formText(form, "list"), sort: formText(form, "sort") }),
  ),
)
