"use client"

import { Plus } from "lucide-react"
import { useLocale } from "next-intl"
import { numberFormat } from "#lib/adapters/text/intl-formatters.ts"
import type { ShareKind, ShareView } from "#lib/rooms/shares/share.ts"
import { type Extension, extensionOf } from "./extension.ts"
import { useExtend, useExtensionText } from "./use-extend.ts"

type ExtendButtonProps = {
  share: Pick<ShareView, "id" | "status" | "expiresAt">
  kind?: ShareKind
  /** The share's name, if a page has several of these buttons. */
  name?: string
  now: string
  maxShareDays: number | null
}

/** Extends an open share or request by one press, with Undo. Renders nothing where that is not possible. */
export function ExtendButton({
  share,
  kind = "share",
  name,
  now,
  maxShareDays,
}: ExtendButtonProps) {
  // The button may disappear, so the focus moves to the page.
  const { extend, pending } = useExtend(kind, () =>
    document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true }),
  )
  const extensionText = useExtensionText()
  const periodText = usePeriodText()
  const extension = extensionOf(share, new Date(now), maxShareDays)
  if (!extension) return null
  const text = extensionText(extension)
  return (
    <button
      type="button"
      disabled={pending}
      aria-busy={pending || undefined}
      aria-label={name ? `${text} (${name})` : text}
      title={text}
      className="-mx-1 -my-0.5 inline-flex min-h-6 items-center gap-0.5 rounded-md px-1 text-sm font-semibold whitespace-nowrap text-accent hover:bg-selected hover:text-accent-hover disabled:opacity-50"
      onClick={() => extend(share, extension, new Date(now))}
    >
      <Plus aria-hidden size={13} strokeWidth={2.5} />
      {periodText(extension)}
    </button>
  )
}

/** Returns a function that formats an extension: "2 days". */
function usePeriodText() {
  const locale = useLocale()
  return ({ hours }: Extension) => {
    const [count, unit] = hours % 24 === 0 ? [hours / 24, "day"] : [hours, "hour"]
    return numberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count)
  }
}
