"use client"

import { FileText, Inbox, Link2, type LucideIcon, Search, UserRound } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { useOwnerPath } from "#components/nav/owner.ts"
import { shareName } from "#components/shares/share-name.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { Act, ActGroup } from "./act.ts"

const DEBOUNCE_MS = 200
/** The number of results of each kind. */
const LIMIT = "5"

type Results = {
  shares: ShareView[]
  requests: RequestView[]
  files: FileView[]
  members: MemberView[]
}
type Answer = Results & { query: string; problem: string | null }

const NONE = { shares: [], requests: [], files: [], members: [] }
const NOTHING: Answer = { query: "", problem: null, ...NONE }

type Found = {
  /** The shares, the requests, then the others. */
  groups: [ActGroup, ActGroup, ...ActGroup[]]
  /** The number of results. */
  count: number
  /** The first share and the first request that were found for the present query. */
  share: ShareView | null
  request: RequestView | null
  isLoading: boolean
  problem: string | null
}

/** Returns the server's results for the query. The last results stay while the next query runs. */
export function useFound({ query, isAdmin }: { query: string; isAdmin: boolean }): Found {
  const t = useTranslations("member.palette")
  const locale = useLocale()
  const at = useOwnerPath()
  const nav = useTranslations("common.nav")
  const shareWords = useTranslations("member.shares")
  const noAnswer = useTranslations("common")("noAnswer")
  const [answer, setAnswer] = useState(NOTHING)
  const q = query.trim()

  useEffect(() => {
    if (q === "") return setAnswer(NOTHING)
    let isCurrent = true
    const timer = setTimeout(async () => {
      const found = await find(q, isAdmin, noAnswer)
      if (isCurrent) setAnswer(found)
    }, DEBOUNCE_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [q, isAdmin, noAnswer])

  const act = (
    id: string,
    target: Act["target"],
    Icon: LucideIcon,
    label: string,
    note?: string,
  ) => ({
    ...{ id, target, label, note },
    icon: <Icon size={18} strokeWidth={1.75} />,
  })
  const lists = new URLSearchParams({ q })
  const groups: Found["groups"] = [
    {
      value: nav("shares"),
      items: answer.shares.map((share) => {
        const { id, status } = share
        const name = shareName(share, shareWords)
        return act(`share ${id}`, at(`/shares/${id}`), Link2, name, shareWords(`status.${status}`))
      }),
    },
    {
      value: nav("requests"),
      items: answer.requests.map(({ id, title, status }) =>
        act(`request ${id}`, at(`/requests/${id}`), Inbox, title, shareWords(`status.${status}`)),
      ),
    },
    {
      value: nav("files"),
      items: answer.files.map(({ id, name, size }) => {
        const target = at(`/files?${new URLSearchParams({ q: name })}`)
        return act(`file ${id}`, target, FileText, name, formatBytes(size, locale))
      }),
    },
    {
      value: t("members"),
      items: answer.members.map(({ id, name, email }) =>
        act(`member ${id}`, `/admin/members/${id}`, UserRound, name, email),
      ),
    },
    {
      value: t("lists"),
      items:
        q === ""
          ? []
          : [
              act("all /shares", at(`/shares?${lists}`), Search, t("allShares", { q })),
              act("all /requests", at(`/requests?${lists}`), Search, t("allRequests", { q })),
              act("all /files", at(`/files?${lists}`), Search, t("allFiles", { q })),
            ],
    },
  ]
  const { shares, requests, files, members, problem } = answer
  const isLoading = q !== answer.query
  return {
    groups,
    count: shares.length + requests.length + files.length + members.length,
    share: isLoading ? null : (shares[0] ?? null),
    request: isLoading ? null : (requests[0] ?? null),
    isLoading,
    problem,
  }
}

const NOBODY: { items: MemberView[] } = { items: [] }

async function find(q: string, isAdmin: boolean, noAnswer: string): Promise<Answer> {
  const [shares, requests, files, members] = await Promise.all([
    answerOf(ask("GET /shares", { query: { q, limit: LIMIT } })),
    answerOf(ask("GET /requests", { query: { q, limit: LIMIT } })),
    answerOf(ask("GET /files", { query: { q, limit: LIMIT, status: "ready" } })),
    isAdmin ? answerOf(ask("GET /admin/users", { query: { q, limit: LIMIT } })) : NOBODY,
  ])
  const failed = [shares, requests, files, members].find((each) => each instanceof ApiError)
  return {
    query: q,
    problem: failed instanceof ApiError ? failed.message || noAnswer : null,
    shares: itemsOf(shares),
    requests: itemsOf(requests),
    files: itemsOf(files),
    members: itemsOf(members),
  }
}

const itemsOf = <Item,>(answer: { items: Item[] } | ApiError): Item[] =>
  answer instanceof ApiError ? [] : answer.items
