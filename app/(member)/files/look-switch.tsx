"use client"

import { LayoutGrid, List } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useTransition } from "react"
import type { FilesLook } from "#components/files/entry-row.tsx"
import { Button } from "#components/ui/button.tsx"
import { LOOK_COOKIE } from "#lib/adapters/http/look-cookie.ts"

const YEAR_SECONDS = 31_536_000

/** Shows the files as rows or as a grid of pictures, which this browser remembers. */
export function LookSwitch({ look }: { look: FilesLook }) {
  const t = useTranslations("member.files")
  const router = useRouter()
  const [pending, start] = useTransition()
  const isRows = look === "rows"
  const label = t(isRows ? "showTiles" : "showRows")
  const Icon = isRows ? LayoutGrid : List

  function change() {
    // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store
    document.cookie = `${LOOK_COOKIE}=${isRows ? "tiles" : "rows"}; path=${location.pathname}; max-age=${YEAR_SECONDS}; SameSite=Lax`
    start(() => router.refresh())
  }

  return (
    <Button
      variant="text"
      size="sm"
      className="shrink-0 px-2.5!"
      aria-label={label}
      title={label}
      pending={pending}
      onClick={change}
    >
      <Icon aria-hidden size={18} className="text-ink" />
    </Button>
  )
}
