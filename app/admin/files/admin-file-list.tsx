"use client"

import Link from "next/link"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { api } from "#components/api.ts"
import { LocalTime } from "#components/local-time.tsx"
import { SelectionBar } from "#components/selection-bar.tsx"
import { AlertDialog } from "#components/ui/alert-dialog.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { Checkbox } from "#components/ui/checkbox.tsx"
import { Table, TableCell, TableHead, TableHeading, TableRow } from "#components/ui/table.tsx"
import { useToast } from "#components/ui/toast.tsx"
import { useChange } from "#components/use-call.ts"
import { useSelection } from "#components/use-selection.ts"
import type { AdminFileView } from "#lib/admin/list-all-files.ts"
import { formatBytes } from "#lib/format-bytes.ts"

type AdminFileListProps = { files: AdminFileView[]; now: string }

/** The files of all members, to look at or delete some of them. */
export function AdminFileList({ files, now }: AdminFileListProps) {
  const t = useTranslations("admin.files")
  const toast = useToast()
  const deleting = useChange()
  const { selected, select, clear } = useSelection()
  const [isAsking, setAsking] = useState(false)
  const chosen = files.filter(({ id }) => selected.has(id))
  const links = chosen.filter(({ openShares }) => openShares > 0).length

  const confirm = () =>
    deleting.run(
      () => api.admin.deleteFiles(chosen.map(({ id }) => id)),
      ({ count }) => {
        setAsking(false)
        clear()
        toast({ tone: "ok", title: t("deleted", { count }) })
      },
    )

  return (
    <>
      <Table>
        <TableHead>
          <TableHeading>
            <Checkbox
              label={t("chooseAll")}
              labelHidden
              checked={chosen.length === files.length}
              onChange={({ currentTarget }) =>
                select(
                  files.map(({ id }) => id),
                  currentTarget.checked,
                )
              }
            />
          </TableHeading>
          <TableHeading>{t("columnName")}</TableHeading>
          <TableHeading className="max-md:hidden">{t("columnOwner")}</TableHeading>
          <TableHeading numeric>{t("columnSize")}</TableHeading>
          <TableHeading numeric className="max-sm:hidden">
            {t("columnShares")}
          </TableHeading>
          <TableHeading className="max-lg:hidden">{t("columnSince")}</TableHeading>
        </TableHead>
        <tbody>
          {files.map((file) => (
            <Row
              key={file.id}
              file={file}
              now={now}
              selected={selected.has(file.id)}
              onSelect={(on) => select([file.id], on)}
            />
          ))}
        </tbody>
      </Table>
      {chosen.length > 0 && (
        <SelectionBar
          text={t("chosen", { count: chosen.length })}
          clearLabel={t("chooseNone")}
          onClear={clear}
        >
          <Button variant="danger" size="sm" onClick={() => setAsking(true)}>
            {t("deleteChosen")}
          </Button>
        </SelectionBar>
      )}
      <AlertDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t("deleteTitle", { count: chosen.length })}
        description={t("deleteText", { count: chosen.length, links })}
        confirmLabel={t("deleteConfirm")}
        onConfirm={confirm}
        pending={deleting.pending}
      >
        {deleting.refused && (
          <p role="alert" className="text-sm text-danger">
            {deleting.refused.message}
          </p>
        )}
      </AlertDialog>
    </>
  )
}

type RowProps = {
  file: AdminFileView
  now: string
  selected: boolean
  onSelect: (on: boolean) => void
}

function Row({ file, now, selected, onSelect }: RowProps) {
  const t = useTranslations("admin.files")
  const { id, name, path, size, status, owner, openShares, createdAt } = file
  return (
    <TableRow>
      <TableCell className="w-8">
        <Checkbox
          label={t("choose", { name })}
          labelHidden
          checked={selected}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
      </TableCell>
      <TableCell className="w-1/2 max-w-0">
        <span className="flex items-center gap-2">
          <Link
            href={`/admin/files/${id}`}
            prefetch={false}
            title={name}
            className="truncate font-medium hover:text-accent"
          >
            <bdi>{name}</bdi>
          </Link>
          {status === "uploading" && <Badge>{t("arriving")}</Badge>}
        </span>
        <span className="block truncate text-sm text-soft">
          {path}
          <span className="md:hidden">
            {path && " · "}
            {owner.name}
          </span>
        </span>
      </TableCell>
      <TableCell className="max-w-0 w-1/5 max-md:hidden">
        <Link
          href={`/admin/files?ownerId=${owner.id}`}
          prefetch={false}
          title={owner.email}
          className="block truncate text-soft hover:text-ink"
        >
          {owner.name}
        </Link>
      </TableCell>
      <TableCell numeric className="text-soft">
        {formatBytes(size)}
      </TableCell>
      <TableCell numeric className="text-soft max-sm:hidden">
        {openShares > 100 ? "100+" : openShares}
      </TableCell>
      <TableCell className="text-soft whitespace-nowrap max-lg:hidden">
        <LocalTime at={createdAt} form="date" now={new Date(now)} />
      </TableCell>
    </TableRow>
  )
}
