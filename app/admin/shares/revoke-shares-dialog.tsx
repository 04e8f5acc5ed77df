"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useEffect, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { useCall } from "#components/calls/use-call.ts"
import { useTyped } from "#components/ui/dialogs/typed-fields.ts"
import { Field, Textarea } from "#components/ui/forms/field.tsx"
import { Skeleton } from "#components/ui/skeleton.tsx"
import type { RevokeSharesResult } from "#lib/rooms/shares/share.ts"
import { LockedToo } from "./locked-too.tsx"
import { useRevokedToast } from "./use-revoked-toast.ts"

/** The shares to revoke, and the dialog's title. */
export type RevokeTarget = {
  ids: string[]
  /** The ids of the shares that are not revoked yet, which an undo restores. */
  openIds: string[]
  /** The title for the number of shares that will be revoked. */
  title: (count: number) => string
}

type RevokeSharesDialogProps = {
  target: RevokeTarget | null
  onClose: () => void
  onRevoked: () => void
}

/** Counts the shares that a revocation would close, asks for the reason, and revokes them. */
export function RevokeSharesDialog({ target, onClose, onRevoked }: RevokeSharesDialogProps) {
  const t = useTranslations("admin.shares")
  const showRevokedToast = useRevokedToast()
  const [reason, setReason] = useState("")
  const [count, setCount] = useState<number | null>(null)
  // Kept while the dialog fades out.
  const [last, setLast] = useState(target)
  if (target && target !== last) {
    setLast(target)
    setCount(null)
  }

  const revoke = (cutOff: boolean) => () =>
    ask(
      "POST /admin/shares/revoke",
      { body: { ids: last?.ids ?? [], reason, cutOff } },
      { slow: true },
    )

  return (
    <ChangeDialog
      keepAs={`revoke ${last?.ids.join()}`}
      open={target !== null}
      onClose={onClose}
      title={last ? last.title(count || last.ids.length) : ""}
      description={t("revokeText")}
      confirmLabel={t("revokeAndCutOff")}
      call={revoke(true)}
      other={{
        label: count === null ? t("revoke") : t("revokeCount", { count }),
        call: revoke(false),
      }}
      onDone={(result) => {
        onRevoked()
        showRevokedToast(result, last?.openIds)
      }}
      fields={["reason"]}
    >
      {(errorOf) => (
        <>
          {last && (
            <>
              <DryRun key={last.ids.join()} ids={last.ids} onCount={setCount} />
              <div className="mt-3 flex flex-col gap-2.5 text-[0.9375rem]">
                <p>{t.rich("revokeHow", { b: bold })}</p>
                <p>{t.rich("cutOffHow", { b: bold })}</p>
              </div>
            </>
          )}
          <ReasonField onChange={setReason} error={errorOf("reason")} />
        </>
      )}
    </ChangeDialog>
  )
}

type ReasonFieldProps = {
  onChange: (reason: string) => void
  error: string | undefined
  /** Who sees the reason. */
  hint?: string
}

/** Asks why an admin does something. What is typed is kept. */
export function ReasonField({ onChange, error, hint }: ReasonFieldProps) {
  const t = useTranslations("admin.shares")
  const [reason, setReason] = useTyped("reason", "")
  useEffect(() => onChange(reason), [reason, onChange])
  return (
    <Field className="mt-5" label={t("reason")} hint={hint ?? t("reasonHint")} error={error}>
      {(control) => (
        <Textarea
          {...control}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
      )}
    </Field>
  )
}

const bold = (text: ReactNode) => <strong className="font-semibold">{text}</strong>

type DryRunProps = { ids: string[]; onCount: (count: number) => void }

function DryRun({ ids, onCount }: DryRunProps) {
  const t = useTranslations("admin.shares")
  const [result, setResult] = useState<RevokeSharesResult | null>(null)
  const { run, refused } = useCall()
  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once: the key is the ids
  useEffect(
    () =>
      run(
        () => ask("POST /admin/shares/revoke", { body: { ids, dryRun: true } }, { slow: true }),
        (counted) => {
          setResult(counted)
          onCount(counted.open || counted.count)
        },
      ),
    [],
  )
  if (refused) return <p className="text-sm text-danger">{refused.message}</p>
  if (!result) return <Skeleton className="h-5 w-3/5" />
  return (
    <div role="status">
      <p className="font-medium">
        {t("dryRun", { count: result.open || result.count, already: result.alreadyRevoked })}
      </p>
      <ul className="mt-1 text-sm text-soft empty:hidden">
        <LockedToo counted={result} />
      </ul>
    </div>
  )
}
