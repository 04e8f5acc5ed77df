"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { useOwnerChange } from "#components/accounts/teams/owner-change.tsx"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { useBulkChange } from "#components/calls/use-bulk-change.ts"
import { useToastedCall } from "#components/calls/use-call.ts"
import { SelectionBar } from "#components/lists/selection-bar.tsx"
import {
  allowedExpiries,
  expiryOf,
  isExpiryPreset,
} from "#components/shares/conditions/expiry-presets.ts"
import { Button } from "#components/ui/button.tsx"
import { Menu, MenuItem } from "#components/ui/overlays/menu.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"

type ShareBulkBarProps = {
  selected: ReadonlySet<string>
  onClear: () => void
  maxShareDays: number | null
  /** Returns the server's time. */
  now: () => Date
}

/** Actions on the selected shares: extend or revoke all of them. */
export function ShareBulkBar({ selected, onClear, maxShareDays, now }: ShareBulkBarProps) {
  const t = useTranslations("member.lists")
  const asking = useRevocable()
  const extending = useExtend(onClear)
  const ids = [...selected]
  const changeOwner = useOwnerChange()
  const ownerWords = useTranslations("member.ownerChange")
  const days = allowedExpiries(maxShareDays).flatMap((preset) =>
    isExpiryPreset(preset) && preset !== "hour" ? [preset] : [],
  )
  return (
    <>
      <SelectionBar
        text={
          extending.progress
            ? t("working", extending.progress)
            : t("chosen", { count: selected.size })
        }
        onClear={onClear}
      >
        {days.length > 0 && (
          <Menu
            trigger={
              <Button variant="quiet" size="sm" pending={extending.pending}>
                {t("extend")}
              </Button>
            }
          >
            {days.map((preset) => (
              <MenuItem key={preset} onClick={() => extending.extend(ids, expiryOf(preset, now()))}>
                {t(`extendTo.${preset}`)}
              </MenuItem>
            ))}
          </Menu>
        )}
        {changeOwner && (
          <Button variant="quiet" size="sm" onClick={() => changeOwner({ shareIds: ids }, onClear)}>
            {ownerWords("item")}
          </Button>
        )}
        <Button
          variant="quiet"
          size="sm"
          className="text-danger!"
          pending={asking.pending}
          onClick={() => asking.find(ids)}
        >
          {t("revoke")}
        </Button>
      </SelectionBar>
      <RevokeManyDialog
        ids={asking.revocable}
        already={ids.length - asking.revocable.length}
        open={asking.open}
        onClose={() => asking.setOpen(false)}
        onRevoked={onClear}
      />
    </>
  )
}

function useExtend(onExtended: () => void) {
  const t = useTranslations("member.lists")
  const toast = useToast()
  const { run, progress, pending } = useBulkChange()
  async function extend(ids: string[], until: Date) {
    const { count, refused } = await run(ids, (part) =>
      ask(
        "POST /shares/extend",
        { body: { ids: part, expiresAt: until.toISOString() } },
        { slow: true },
      ),
    )
    if (refused) return toast({ title: refused.message, tone: "danger" })
    toast({
      title: t("extended", { count }),
      description: t("extendedText", { kept: ids.length - count }),
      tone: "ok",
    })
    onExtended()
  }
  return { extend, progress, pending }
}

/** Finds the selected shares that are not revoked yet, before the confirmation. */
function useRevocable() {
  const t = useTranslations("member.lists")
  const toast = useToast()
  const { run, pending } = useToastedCall()
  const [open, setOpen] = useState(false)
  const [revocable, setRevocable] = useState<string[]>([])
  function find(ids: string[]) {
    run(
      () => ask("POST /shares/revoke", { body: { ids, dryRun: true } }, { slow: true }),
      ({ ids: found }) => {
        setRevocable(found)
        setOpen(found.length > 0)
        if (found.length === 0) toast({ title: t("allRevoked", { count: ids.length }) })
      },
    )
  }
  return { find, pending, revocable, open, setOpen }
}

type RevokeManyDialogProps = {
  ids: string[]
  /** The number of selected shares that are revoked already. */
  already: number
  open: boolean
  onClose: () => void
  onRevoked: () => void
}

/** Revokes the selected shares, with or without a cut off, and offers to undo that. */
function RevokeManyDialog(props: RevokeManyDialogProps) {
  const { ids, already, open, onClose, onRevoked } = props
  const t = useTranslations("member.lists")
  const toast = useToast()
  const restoring = useBulkChange()

  async function undo(revoked: string[]) {
    const { count, refused } = await restoring.run(revoked, (part) =>
      ask("POST /shares/restore", { body: { ids: part } }, { slow: true }),
    )
    if (refused) toast({ title: refused.message, tone: "danger" })
    else toast({ title: t("restored", { count }), tone: "ok" })
  }

  function done({ ids: revoked }: { ids: string[] }) {
    onRevoked()
    toast({
      title: t("revoked", { count: revoked.length }),
      timeout: 8_000,
      ...(revoked.length > 0 && {
        action: { label: t("undo"), onClick: () => void undo(revoked) },
      }),
    })
  }

  return (
    <ChangeDialog
      open={open}
      onClose={onClose}
      title={t("revokeTitle", { count: ids.length })}
      description={t("revokeText", { count: ids.length })}
      confirmLabel={t("revokeAndCutOff")}
      call={() => ask("POST /shares/revoke", { body: { ids, cutOff: true } }, { slow: true })}
      other={{
        label: t("revokeNow"),
        call: () => ask("POST /shares/revoke", { body: { ids } }, { slow: true }),
      }}
      onDone={done}
    >
      {already > 0 && <p className="text-[0.9375rem]">{t("alreadyRevoked", { count: already })}</p>}
    </ChangeDialog>
  )
}
