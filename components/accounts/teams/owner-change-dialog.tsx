"use client"

import { usePathname, useRouter } from "next/navigation"
import { useLocale, useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { refusedBy } from "#components/calls/use-call.ts"
import { useOwnerPath, useTeam } from "#components/nav/owner.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { AnswerOf } from "#lib/api/ask-by.ts"

/** What changes its owner: ids. */
export type OwnersThings = { shareIds?: string[]; requestIds?: string[]; fileIds?: string[] }

type OwnerChangeDialogProps = {
  things: OwnersThings
  onDone?: () => void
  /** The member, whose slug is null, and the member's teams. */
  owners: readonly { slug: string | null; name: string }[]
  open: boolean
  onClose: () => void
}

type Plan = { of: string; found?: AnswerOf<"POST /move">; refused?: string }

const MOST_NAMED = 8

/** Says what goes to another owner, also what has to go with it, and moves it. */
export function OwnerChangeDialog(props: OwnerChangeDialogProps) {
  const { things, onDone, owners, open, onClose } = props
  const t = useTranslations("member.ownerChange")
  const common = useTranslations("common")
  const locale = useLocale()
  const toast = useToast()
  const router = useRouter()
  const page = usePathname()
  const list = useOwnerPath()
  const team = useTeam()
  const others = owners.filter(({ slug }) => slug !== team)
  const [chosen, setChosen] = useState("")
  const to = others.some(({ slug }) => (slug ?? "me") === chosen)
    ? chosen
    : (others[0]?.slug ?? "me")
  const [plan, setPlan] = useState<Plan | null>(null)
  const noAnswer = common("noAnswer")
  const of = JSON.stringify([things, to])
  useEffect(() => {
    if (!open) return
    let isOver = false
    ask("POST /move", { body: { ...things, to, dryRun: true } }).then(
      (found) => isOver || setPlan({ of, found }),
      (error) => isOver || setPlan({ of, refused: refusedBy(error, noAnswer).message }),
    )
    return () => {
      isOver = true
    }
  }, [open, of, things, to, noAnswer])
  const { found, refused } = plan?.of === of ? plan : {}
  const also = found?.also ?? []
  const idsOf = (kind: "share" | "request", chosen: string[] = []) => [
    ...chosen,
    ...also.flatMap((each) => (each.kind === kind ? [each.id] : [])),
  ]
  const name = others.find(({ slug }) => (slug ?? "me") === to)?.name ?? ""

  function done() {
    toast({ title: t("done", { name }), tone: "ok" })
    onDone?.()
    const gone = [...(things.shareIds ?? []), ...(things.requestIds ?? [])]
    if (gone.some((id) => page.includes(id))) {
      router.push(list(things.requestIds ? "/requests" : "/shares"))
    }
  }

  return (
    <ChangeDialog
      open={open}
      onClose={onClose}
      title={t("title")}
      description={t("text")}
      confirmLabel={t("confirm")}
      tone="primary"
      call={() =>
        ask(
          "POST /move",
          {
            body: {
              ...{ to, fileIds: things.fileIds ?? [] },
              shareIds: idsOf("share", things.shareIds),
              requestIds: idsOf("request", things.requestIds),
            },
          },
          { slow: true },
        )
      }
      onDone={done}
    >
      <Field label={t("to")}>
        {(control) => (
          <NativeSelect
            {...control}
            value={to}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          >
            {others.map(({ slug, name }) => (
              <option key={slug} value={slug ?? "me"}>
                {name}
              </option>
            ))}
          </NativeSelect>
        )}
      </Field>
      <div role="status" className="mt-4 empty:hidden">
        {found && (
          <p>
            {t("found", {
              shares: found.shares,
              requests: found.requests,
              files: found.files,
              size: formatBytes(found.bytes, locale),
            })}
          </p>
        )}
        {also.length > 0 && (
          <>
            <p className="mt-3">{t("also")}</p>
            <ul className="mt-1 list-disc ps-5 wrap-anywhere">
              {also.slice(0, MOST_NAMED).map(({ id, title }) => (
                <li key={id}>
                  <bdi>{title || t("untitled")}</bdi>
                </li>
              ))}
              {also.length > MOST_NAMED && (
                <li>{t("more", { count: also.length - MOST_NAMED })}</li>
              )}
            </ul>
          </>
        )}
      </div>
      {refused && <ActionError className="mt-4">{refused}</ActionError>}
    </ChangeDialog>
  )
}
