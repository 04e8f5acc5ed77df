"use client"

import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { formatTime } from "#components/format-time.ts"
import { useReader } from "#components/local-time.tsx"
import { AlertDialog } from "#components/ui/alert-dialog.tsx"
import { Field, Textarea } from "#components/ui/field.tsx"
import { Skeleton } from "#components/ui/skeleton.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useAct } from "#components/use-act.ts"
import type { RevokeSharesResult } from "#lib/shares/share.ts"
import { revokeSharesAction } from "./actions.ts"

/** Which shares to revoke, and the dialog's title for them. */
export type RevokeTarget =
  | { kind: "ids"; ids: string[]; title: string }
  | { kind: "owner"; ownerId: string; title: string }
  | { kind: "all"; title: string }

type RevokeSharesDialogProps = {
  target: RevokeTarget | null
  onClose: () => void
  onRevoked: () => void
}

/** Counts what a revoke would end, asks for the reason, and does it. */
export function RevokeSharesDialog({ target, onClose, onRevoked }: RevokeSharesDialogProps) {
  const t = useTranslations("admin.shares")
  const toast = useToast()
  const reader = useReader()
  const { act, pending, refused, reset } = useAct(revokeSharesAction)
  const [reason, setReason] = useState("")
  const [count, setCount] = useState<number | null>(null)
  // Kept while the dialog fades out.
  const [last, setLast] = useState(target)
  if (target && target !== last) {
    setLast(target)
    setReason("")
    setCount(null)
  }

  const close = () => {
    reset()
    onClose()
  }
  const done = (result: RevokeSharesResult) => {
    close()
    onRevoked()
    const { exposedUntil } = result
    toast({
      title: t("revoked", { count: result.count }),
      description: exposedUntil
        ? t("exposed", { until: formatTime(new Date(exposedUntil), "clock", reader, null) })
        : t("noExposure"),
      timeout: exposedUntil ? 15_000 : 5_000,
    })
  }

  return (
    <AlertDialog
      open={target !== null}
      onOpenChange={(open) => !open && close()}
      title={last?.title ?? ""}
      description={t("revokeText")}
      confirmLabel={count === null ? t("revoke") : t("revokeCount", { count })}
      pending={pending}
      onConfirm={() => last && act({ ...fieldsOf(last), reason }, done)}
    >
      {last && <DryRun key={JSON.stringify(last)} target={last} onCount={setCount} />}
      <div className="mt-5">
        <Field
          label={t("reason")}
          hint={t("reasonHint")}
          error={refused?.field === "reason" ? refused.message : undefined}
        >
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
      </div>
      {refused && refused.field !== "reason" && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {refused.message}
        </p>
      )}
    </AlertDialog>
  )
}

function fieldsOf(target: RevokeTarget): Record<string, string | string[]> {
  if (target.kind === "ids") return { id: target.ids }
  return target.kind === "owner" ? { ownerId: target.ownerId } : { all: "on" }
}

type DryRunProps = { target: RevokeTarget; onCount: (count: number) => void }

function DryRun({ target, onCount }: DryRunProps) {
  const t = useTranslations("admin.shares")
  const [result, setResult] = useState<RevokeSharesResult | null>(null)
  const { act, refused } = useAct(revokeSharesAction)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, the key is the target
  useEffect(
    () =>
      act({ ...fieldsOf(target), dryRun: "on" }, (counted) => {
        setResult(counted)
        onCount(counted.count)
      }),
    [],
  )
  if (refused) return <p className="text-sm text-danger">{refused.message}</p>
  if (!result) return <Skeleton className="h-5 w-3/5" />
  return (
    <p role="status" className="font-medium">
      {t("dryRun", { count: result.count, already: result.alreadyRevoked })}
    </p>
  )
}
