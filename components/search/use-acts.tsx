"use client"

import {
  ClipboardList,
  Files,
  Gauge,
  HardDrive,
  Inbox,
  Link2,
  LogOut,
  type LucideIcon,
  OctagonX,
  Settings,
  Share2,
  SlidersHorizontal,
  Upload,
  UserRound,
  Users,
} from "lucide-react"
import { useTranslations } from "next-intl"
import { useOwnerPath } from "#components/nav/owner.ts"
import type { Act, ActGroup, SearchScope } from "./act.ts"

type UseActs = { query: string } & Pick<SearchScope, "isAdmin" | "requests" | "settings">

/** The actions and pages whose names contain every word of the query. */
export function useActs({ query, isAdmin, requests, settings }: UseActs): ActGroup[] {
  const t = useTranslations("member.palette")
  const nav = useTranslations("common.nav")
  const at = useOwnerPath()
  const admin = useTranslations("common.adminNav")
  const words = query.trim().toLowerCase().split(/\s+/)
  const act = (
    target: Extract<Act["target"], string>,
    label: string,
    Icon: LucideIcon,
    note?: string,
  ): Act => ({
    ...{ id: target, target, label, note },
    icon: <Icon size={18} strokeWidth={1.75} />,
  })
  const matching = (acts: Act[]) =>
    acts.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
  return [
    {
      value: t("actions"),
      items: matching([
        act("new_share", t("newShare"), Share2, t("newShareNote")),
        act("upload", t("upload"), Upload, t("uploadNote")),
        ...(requests === "make"
          ? [act(at("/requests?new=1"), t("newRequest"), Inbox, t("newRequestNote"))]
          : []),
        act(at("/shares"), nav("shares"), Link2),
        act(at("/files"), nav("files"), Files),
        ...(requests ? [act(at("/requests"), nav("requests"), Inbox)] : []),
        act("/settings", nav("account"), UserRound),
        act("sign_out", nav("signOut"), LogOut),
      ]),
    },
    {
      value: nav("admin"),
      items: isAdmin
        ? matching([
            act("/admin", admin("overview"), Gauge),
            act("/admin/shares", admin("shares"), Link2),
            act("/admin/requests", admin("requests"), Inbox),
            act("/admin/files", admin("files"), Files),
            act("/admin/members", admin("members"), Users),
            act("/admin/teams", admin("teams"), Users),
            act("/admin/audit", admin("audit"), ClipboardList),
            act("/admin/settings", t("openSettings"), Settings),
            act("/admin/checks", admin("checks"), HardDrive),
            act("/admin/panic", admin("panic"), OctagonX),
          ])
        : [],
    },
    {
      value: admin("settings"),
      items:
        query.trim() === ""
          ? []
          : matching(settings.map(({ href, label }) => act(href, label, SlidersHorizontal))),
    },
  ]
}
