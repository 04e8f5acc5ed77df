"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ChosenBar } from "#components/chosen-bar.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { Button } from "#components/ui/button.tsx"
import { Checkbox } from "#components/ui/checkbox.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useAct } from "#components/use-act.ts"
import { useChosen } from "#components/use-chosen.ts"
import type { AdminShareView } from "#lib/shares/share.ts"
import { restoreShareAction } from "./actions.ts"
import { AdminShareRow, isRevocable } from "./admin-share-row.tsx"
import { type Named, RevokeSharesDialog } from "./revoke-shares-dialog.tsx"

type AdminShareListProps = {
  shares: AdminShareView[]
  now: string
  /** The one member whose shares these are. */
  owner: { id: string; name: string } | null
}

/** Every member's shares, to be looked through and revoked. */
export function AdminShareList({ shares, now, owner }: AdminShareListProps) {
  const t = useTranslations("admin.shares")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const restoring = useAct(restoreShareAction)
  const { chosen, choose, clear } = useChosen()
  const [named, setNamed] = useState<Named | null>(null)

  const choosable = shares.filter(isRevocable)
  const here = choosable.filter(({ id }) => chosen.has(id))
  const askFor = (some: AdminShareView[]) => {
    const [first] = some
    if (!first) return
    const title =
      some.length === 1
        ? t("revokeOne", { name: shareName(first, words) })
        : t("revokeMany", { count: some.length })
    setNamed({ kind: "ids", ids: some.map(({ id }) => id), title })
  }

  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 pb-1 text-sm noscript:hidden">
        <Checkbox
          label={here.length > 0 ? t("chosen", { count: here.length }) : t("chooseAll")}
          disabled={choosable.length === 0}
          checked={here.length > 0 && here.length === choosable.length}
          onChange={({ currentTarget }) =>
            choose(
              choosable.map(({ id }) => id),
              currentTarget.checked,
            )
          }
        />
        <div className="-mr-3.25 flex">
          {owner ? (
            <Button
              variant="text"
              size="sm"
              onClick={() =>
                setNamed({
                  kind: "owner",
                  ownerId: owner.id,
                  title: t("revokeOwnerTitle", { name: owner.name }),
                })
              }
            >
              {t("revokeOwner", { name: owner.name })}
            </Button>
          ) : (
            <Button
              variant="text"
              size="sm"
              onClick={() => setNamed({ kind: "all", title: t("revokeAllTitle") })}
            >
              {t("revokeAll")}
            </Button>
          )}
        </div>
      </div>
      <ul aria-label={t("heading")}>
        {shares.map((share) => (
          <AdminShareRow
            key={share.id}
            share={share}
            now={now}
            chosen={chosen.has(share.id)}
            onChoose={(on) => choose([share.id], on)}
            onRevoke={() => askFor([share])}
            onRestore={() =>
              restoring.act(
                { id: share.id },
                () => toast({ title: t("restored"), tone: "ok" }),
                ({ message }) => toast({ title: message, tone: "danger" }),
              )
            }
          />
        ))}
      </ul>
      {here.length > 0 && (
        <ChosenBar
          text={t("chosen", { count: here.length })}
          clearLabel={t("chooseNone")}
          onClear={clear}
        >
          <Button variant="danger" size="sm" onClick={() => askFor(here)}>
            {t("revokeChosen")}
          </Button>
        </ChosenBar>
      )}
      <RevokeSharesDialog named={named} onClose={() => setNamed(null)} onRevoked={clear} />
    </>
  )
}
