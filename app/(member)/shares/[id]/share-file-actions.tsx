"use client"

import { FileMinus } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { type ComponentProps, useEffect, useRef, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useCall, useChange, useToastedChange } from "#components/calls/use-call.ts"
import { useSelection } from "#components/lists/use-selection.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { Input } from "#components/ui/forms/field.tsx"
import { MenuItem } from "#components/ui/overlays/menu.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { Skeleton } from "#components/ui/skeleton.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { Addable } from "#lib/rooms/shares/list/find-addable.ts"

/** An item of a file's menu that removes it from a share, and offers to undo that. */
export function TakeOut({
  shareId,
  file,
}: {
  shareId: string
  file: { id: string; name: string }
}) {
  const t = useTranslations("member.shareFiles")
  const toast = useToast()
  const { run, pending } = useToastedChange()
  const undo = () =>
    run(
      () => ask("PATCH /shares/{id}", { id: shareId, body: { addFileIds: [file.id] } }),
      () => toast({ title: t("back"), tone: "ok" }),
    )
  const takeOut = () =>
    run(
      () => ask("PATCH /shares/{id}", { id: shareId, body: { removeFileIds: [file.id] } }),
      () =>
        toast({
          title: t("tookOut"),
          description: file.name,
          timeout: 8_000,
          action: { label: t("undo"), onClick: undo },
        }),
    )
  return (
    <MenuItem icon={FileMinus} disabled={pending} onClick={takeOut}>
      {t("takeOut")}
    </MenuItem>
  )
}

type AddFilesProps = { shareId: string } & Pick<
  ComponentProps<typeof Button>,
  "variant" | "className"
>

/** Opens the dialog that adds files and folders which the share does not contain yet. */
export function AddFiles({ shareId, ...look }: AddFilesProps) {
  const t = useTranslations("member.shareFiles")
  const [open, setOpen] = useState(false)
  const selection = useSelection()
  return (
    <>
      <Button size="sm" {...look} onClick={() => setOpen(true)}>
        {t("add")}
      </Button>
      {open && <AddDialog shareId={shareId} selection={selection} onClose={() => setOpen(false)} />}
    </>
  )
}

type AddDialogProps = {
  shareId: string
  /** Survives closing the dialog. */
  selection: ReturnType<typeof useSelection>
  onClose: () => void
}

function AddDialog({ shareId, selection, onClose }: AddDialogProps) {
  const t = useTranslations("member.shareFiles")
  const toast = useToast()
  const finding = useCall()
  const adding = useChange()
  const [found, setFound] = useState<Addable | null>(null)
  const { selected, select, clear } = selection
  const refused = finding.refused ?? adding.refused
  const latest = useRef("")
  function search(q: string) {
    latest.current = q
    finding.run(
      () => ask("GET /shares/{id}/addable", { id: shareId, query: { q } }),
      // Answers may arrive out of order, so an outdated one is ignored.
      (answer) => {
        if (latest.current === q) setFound(answer)
      },
    )
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: loads the latest files once, before any search
  useEffect(() => search(""), [])

  const add = (files: { addFileIds: string[] } | { addFolder: string }) =>
    adding.run(
      () => ask("PATCH /shares/{id}", { id: shareId, body: files }),
      () => {
        clear()
        onClose()
        toast({ title: t("added"), tone: "ok" })
      },
    )

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t("addTitle")}
      description={t("addText")}
      footer={
        <>
          <DialogClose />
          <Button
            disabled={selected.size === 0}
            pending={adding.pending}
            onClick={() => add({ addFileIds: [...selected] })}
          >
            {t("addChosen", { count: selected.size })}
          </Button>
        </>
      }
    >
      <Input
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        maxLength={200}
        onChange={({ currentTarget }) => search(currentTarget.value)}
      />
      {refused && <ActionError className="mt-3">{refused.message}</ActionError>}
      {found === null ? (
        <Skeleton className="mt-4 h-24 w-full" />
      ) : (
        <FoundList
          found={found}
          selected={selected}
          onSelect={select}
          onFolder={(addFolder) => add({ addFolder })}
        />
      )}
    </Dialog>
  )
}

type FoundListProps = {
  found: Addable
  selected: ReadonlySet<string>
  onSelect: (ids: string[], on: boolean) => void
  onFolder: (path: string) => void
}

function FoundList({ found, selected, onSelect, onFolder }: FoundListProps) {
  const t = useTranslations("member.shareFiles")
  const locale = useLocale()
  if (found.files.length + found.folders.length === 0) return <p className="mt-4">{t("none")}</p>
  return (
    <ul aria-label={t("addTitle")} className="mt-4">
      {found.folders.map((path) => (
        <li key={path} className="flex items-center gap-3 border-t border-line py-2">
          <span className="min-w-0 grow truncate font-medium" title={path}>
            <bdi>{path}</bdi>
          </span>
          <Button variant="text" size="sm" onClick={() => onFolder(path)}>
            {t("addFolder")}
          </Button>
        </li>
      ))}
      {found.files.map(({ id, name, path, size }) => (
        <li key={id} className="border-t border-line py-2.5">
          <Checkbox
            label={<bdi className="wrap-anywhere">{name}</bdi>}
            hint={[path, formatBytes(size, locale)].filter(Boolean).join(" · ")}
            checked={selected.has(id)}
            onChange={({ currentTarget }) => onSelect([id], currentTarget.checked)}
          />
        </li>
      ))}
    </ul>
  )
}
