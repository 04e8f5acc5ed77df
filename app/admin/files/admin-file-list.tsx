"use client"

import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import { useState } from "react"
import { FateBadge } from "#app/(member)/files/fate-badge.tsx"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { UncheckedBadge } from "#components/files/unchecked-badge.tsx"
import { rowClass } from "#components/lists/row-class.ts"
import { SelectableList } from "#components/lists/selectable-list.tsx"
import { SelectionBar } from "#components/lists/selection-bar.tsx"
import { useSelection } from "#components/lists/use-selection.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { FileKind } from "#components/ui/files/file-kind.tsx"
import { RowFileName } from "#components/ui/files/file-name.tsx"
import { RowCheckbox } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { AdminFileView } from "#lib/rooms/admin/list-all-files.ts"

/** The grid columns on a wide screen. */
const COLUMNS =
  "lg:grid-cols-[4.5rem_minmax(0,1fr)_9rem_5.5rem_6rem] lg:gap-x-4 " +
  "xl:grid-cols-[4.5rem_minmax(0,1fr)_12rem_5.5rem_6rem_8rem]"

type AdminFileListProps = { files: AdminFileView[]; now: string; readOnly: boolean }

/** Lists the files of all members, with a selection to delete some. */
export function AdminFileList({ files, now, readOnly }: AdminFileListProps) {
  const t = useTranslations("admin.files")
  const toast = useToast()
  const selection = useSelection()
  const { selected, select, clear } = selection
  const [isAsking, setAsking] = useState(false)
  const chosen = files.filter(({ id }) => selected.has(id))
  const links = chosen.filter(({ openShares }) => openShares > 0).length

  return (
    <>
      <SelectableList
        label={t("heading")}
        ids={files.map(({ id }) => id)}
        selection={selection}
        columns={{
          grid: COLUMNS,
          heads: (
            <>
              <span>{t("columnName")}</span>
              <span>{t("columnOwner")}</span>
              <span className="text-end">{t("columnSize")}</span>
              <span className="text-end">{t("columnShares")}</span>
              <span className="ps-4 max-xl:hidden">{t("columnSince")}</span>
            </>
          ),
        }}
        bar={
          readOnly ? null : (
            <SelectionBar text={t("chosen", { count: chosen.length })} onClear={clear}>
              <Button variant="danger" size="sm" onClick={() => setAsking(true)}>
                {t("deleteChosen")}
              </Button>
            </SelectionBar>
          )
        }
      >
        {files.map((file) => (
          <Row
            key={file.id}
            file={file}
            now={now}
            selected={selected.has(file.id)}
            onSelect={(on) => select([file.id], on)}
          />
        ))}
      </SelectableList>
      <ChangeDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={t("deleteTitle", { count: chosen.length })}
        description={t("deleteText", { count: chosen.length, links })}
        confirmLabel={t("deleteConfirm")}
        call={() => ask("POST /admin/files/delete", { body: { ids: chosen.map(({ id }) => id) } })}
        onDone={({ count }) => {
          clear()
          toast({ tone: "ok", title: t("deleted", { count }) })
        }}
      />
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
    <li className={classNames(rowClass(COLUMNS, selected), "py-2.5 lg:min-h-14 lg:py-1.75")}>
      <div className="flex items-center gap-4">
        <RowCheckbox
          label={t("choose", { name })}
          checked={selected}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
        <FileKind name={name} />
      </div>
      <div className="min-w-0">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2">
          <Link
            href={`/admin/files/${id}`}
            prefetch={false}
            title={name}
            className="line-clamp-3 min-w-0 font-medium wrap-anywhere after:absolute after:inset-0"
          >
            <RowFileName name={name} />
          </Link>
          {status === "uploading" && <Badge>{t("arriving")}</Badge>}
          <UncheckedBadge {...file} />
          <FateBadge {...file} now={now} />
        </div>
        <p className="truncate text-sm text-soft">
          {path}
          <span className="lg:hidden">
            {path && " · "}
            {owner.name}
          </span>
        </p>
      </div>
      <Link
        href={`/admin/files?ownerId=${owner.id}`}
        prefetch={false}
        title={owner.email}
        className="relative z-10 block truncate text-soft hover:text-ink max-lg:hidden"
      >
        {owner.name}
      </Link>
      <div className="text-end whitespace-nowrap text-soft">{formatBytes(size, useLocale())}</div>
      <div className="text-end text-soft max-lg:hidden">
        {openShares > 100 ? "100+" : openShares}
        <span className="sr-only"> {t("columnShares")}</span>
      </div>
      <div className="ps-4 whitespace-nowrap text-soft max-xl:hidden">
        <LocalTime at={createdAt} form="date" now={new Date(now)} />
      </div>
    </li>
  )
}
