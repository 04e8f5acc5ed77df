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

/** Which shares, and in whose words. */
export type Named =
  | { kind: "ids"; ids: string[]; title: string }
  | { kind: "owner"; ownerId: string; title: string }
  | { kind: "all"; title: string }

type RevokeSharesDialogProps = {
  named: Named | null
  onClose: () => void
  onRevoked: () => void
}

/** Counts what a revoke would end, asks for the reason, and does it. */
export function RevokeSharesDialog({ named, onClose, onRevoked }: RevokeSharesDialogProps) {
  const t = useTranslations("admin.shares")
  const toast = useToast()
  const reader = useReader()
  const { act, pending, refused, forgive } = useAct(revokeSharesAction)
  const [reason, setReason] = useState("")
  const [count, setCount] = useState<number | null>(null)
  // What is shown while the dialog fades.
  const [last, setLast] = useState(named)
  if (named && named !== last) {
    setLast(named)
    setReason("")
    setCount(null)
  }

  const close = () => {
    forgive()
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
      open={named !== null}
      onOpenChange={(open) => !open && close()}
      title={last?.title ?? ""}
      description={t("revokeText")}
      confirmLabel={count === null ? t("revoke") : t("revokeCount", { count })}
      pending={pending}
      onConfirm={() => last && act({ ...fieldsOf(last), reason }, done)}
    >
      {last && <DryRun key={JSON.stringify(last)} named={last} onCount={setCount} />}
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

function fieldsOf(named: Named): Record<string, string | string[]> {
  if (named.kind === "ids") return { id: named.ids }
  return named.kind === "owner" ? { ownerId: named.ownerId } : { all: "on" }
}

type DryRunProps = { named: Named; onCount: (count: number) => void }

function DryRun({ named, onCount }: DryRunProps) {
  const t = useTranslations("admin.shares")
  const [result, setResult] = useState<RevokeSharesResult | null>(null)
  const { act, refused } = useAct(revokeSharesAction)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, the key is what is named
  useEffect(
    () =>
      act({ ...fieldsOf(named), dryRun: "on" }, (counted) => {
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
