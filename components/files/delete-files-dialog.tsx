"use client"

import Link from "next/link"
import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import type { FileView } from "#lib/files/file.ts"
import type { ShareStatus } from "#lib/shares/share.ts"
import { AlertDialog } from "../ui/alert-dialog.tsx"
import { Skeleton } from "../ui/skeleton.tsx"
import { useToast } from "../ui/toast.tsx"
import { type FormAction, useAct } from "../use-act.ts"

type ShareOfFile = { id: string; title: string; status: ShareStatus }

export type DeleteFilesActions = {
  /** Fields `file`. */
  remove: FormAction<{ count: number }>
  /** Fields `file`: the shares that hold any of them. */
  findShares: FormAction<ShareOfFile[]>
}

const MAX_SHARES = 5

type DeleteFilesDialogProps = {
  files: FileView[]
  actions: DeleteFilesActions
  onClose: () => void
  onDeleted: (ids: string[]) => void
}

/** Says which shares lose the files before they are deleted. */
export function DeleteFilesDialog({ files, actions, onClose, onDeleted }: DeleteFilesDialogProps) {
  const t = useTranslations("member.files")
  const toast = useToast()
  const { act, pending, refused, forgive } = useAct(actions.remove)
  // What is shown while the dialog fades.
  const [last, setLast] = useState(files)
  if (files.length > 0 && files !== last) setLast(files)
  const ids = last.map(({ id }) => id)
  const close = () => {
    forgive()
    onClose()
  }
  return (
    <AlertDialog
      open={files.length > 0}
      onOpenChange={(open) => !open && close()}
      title={t("deleteTitle", { count: last.length, name: last[0]?.name ?? "" })}
      description={t("deleteText", { count: last.length })}
      confirmLabel={t("deleteNow", { count: last.length })}
      pending={pending}
      onConfirm={() =>
        act({ file: ids }, ({ count }) => {
          close()
          onDeleted(ids)
          toast({ title: t("deleted", { count }) })
        })
      }
    >
      <SharesLosing key={ids.join()} ids={ids} findShares={actions.findShares} />
      {refused && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {refused.message}
        </p>
      )}
    </AlertDialog>
  )
}

type SharesLosingProps = { ids: string[]; findShares: DeleteFilesActions["findShares"] }

function SharesLosing({ ids, findShares }: SharesLosingProps) {
  const t = useTranslations("member.files")
  const words = useTranslations("member.shares")
  const [shares, setShares] = useState<ShareOfFile[] | null>(null)
  const { act, refused } = useAct(findShares)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, the key is the files
  useEffect(() => act({ file: ids }, setShares), [])

  if (refused) return <p className="text-sm text-soft">{refused.message}</p>
  if (!shares) return <Skeleton className="h-5 w-3/5" />
  if (shares.length === 0) return <p className="text-sm">{t("inNoShare")}</p>
  const more = shares.length - MAX_SHARES
  return (
    <div className="text-sm">
      <p>{t("inShares", { count: shares.length })}</p>
      <ul className="mt-2 border-t border-line">
        {shares.slice(0, MAX_SHARES).map(({ id, title, status }) => (
          <li key={id} className="flex justify-between gap-3 border-b border-line py-2">
            <Link href={`/shares/${id}`} prefetch={false} className="min-w-0 truncate underline">
              {title || t("untitledShare")}
            </Link>
            <span className="shrink-0 text-soft">{words(`status.${status}`)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="mt-2 text-soft">{t("moreShares", { count: more })}</p>}
    </div>
  )
}
