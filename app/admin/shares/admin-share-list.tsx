"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { SelectableList } from "#components/lists/selectable-list.tsx"
import { SelectionBar } from "#components/lists/selection-bar.tsx"
import { useSelection } from "#components/lists/use-selection.ts"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { TimeHead } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { AskedShare } from "#lib/rooms/questions/question.ts"
import type { AdminShareView } from "#lib/rooms/shares/share.ts"
import { AdminShareRow, COLUMNS, isRevocable } from "./admin-share-row.tsx"
import { RevokeSharesDialog, type RevokeTarget } from "./revoke-shares-dialog.tsx"

type AdminShareListProps = {
  shares: AdminShareView[]
  /** All shares with open questions for admins, including those on other pages. */
  asked: AskedShare[]
  now: string
  readOnly: boolean
}

/** Lists the shares of all members, with a selection to revoke some or all of them. */
export function AdminShareList({ shares, asked, now, readOnly }: AdminShareListProps) {
  const t = useTranslations("admin.shares")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const restoring = useToastedChange()
  const selection = useSelection()
  const { selected, select, clear } = selection
  const [target, setTarget] = useState<RevokeTarget | null>(null)

  const selectable = shares.filter(isRevocable)
  const selectedShares = selectable.filter(({ id }) => selected.has(id))
  const askFor = (some: AdminShareView[]) => {
    const [first] = some
    if (!first) return
    const title = (count: number) =>
      some.length === 1
        ? t("revokeOne", { name: shareName(first, words) })
        : t("revokeMany", { count })
    setTarget({
      ids: some.map(({ id }) => id),
      openIds: some.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id),
      title,
    })
  }

  return (
    <>
      <SelectableList
        label={t("heading")}
        ids={selectable.map(({ id }) => id)}
        selection={selection}
        columns={{
          grid: COLUMNS,
          heads: (
            <>
              <span>{words("share")}</span>
              <span className="max-xl:hidden">{t("owner")}</span>
              <TimeHead text={words("statusLabel")} />
              <span className="text-end">{words("views")}</span>
              <span className="text-end">{words("downloads")}</span>
              <span className="w-7" />
            </>
          ),
        }}
        bar={
          readOnly ? null : (
            <SelectionBar text={t("chosen", { count: selectedShares.length })} onClear={clear}>
              <Button variant="danger" size="sm" onClick={() => askFor(selectedShares)}>
                {t("revokeChosen")}
              </Button>
            </SelectionBar>
          )
        }
      >
        {shares.map((share) => (
          <AdminShareRow
            key={share.id}
            share={share}
            questions={asked.find(({ id }) => id === share.id)?.questions ?? 0}
            now={now}
            readOnly={readOnly}
            selected={selected.has(share.id)}
            onSelect={(on) => select([share.id], on)}
            onRevoke={() => askFor([share])}
            onRestore={() =>
              restoring.run(
                () => ask("POST /admin/shares/{id}/restore", { id: share.id }),
                () => toast({ title: t("restored"), tone: "ok" }),
              )
            }
          />
        ))}
      </SelectableList>
      <RefreshWhile what="cutOff" left={shares.some(({ cutOff }) => cutOff?.state === "running")} />
      <RevokeSharesDialog target={target} onClose={() => setTarget(null)} onRevoked={clear} />
    </>
  )
}
