"use client"

import { Search } from "lucide-react"
import { useTranslations } from "next-intl"
import { useBrowserValue } from "#components/store.ts"
import { classNames } from "#components/ui/class-names.ts"
import { useSearch } from "./search-provider.tsx"

/** Opens the search; `withKeys` shows its keys, where there is a keyboard. */
export function SearchButton({ withKeys = false }: { withKeys?: boolean }) {
  const t = useTranslations("member.palette")
  const { open, preload } = useSearch()
  const isApple = useBrowserValue(onApple, false)
  return (
    <div className="needs-script">
      <button
        type="button"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={({ currentTarget }) => {
          // Safari does not focus a pressed button, so the dialog could not return the focus.
          currentTarget.focus()
          open()
        }}
        onPointerEnter={preload}
        onFocus={preload}
        className={classNames(
          "flex items-center gap-2.5 rounded-lg text-soft hover:text-ink",
          withKeys
            ? "mb-4 w-full px-2.5 py-2 text-[0.9375rem] inset-ring inset-ring-edge hover:inset-ring-soft forced-colors:border"
            : "min-h-9 px-2 text-sm",
        )}
      >
        <Search aria-hidden size={18} strokeWidth={1.75} />
        <span className="grow text-start">{t("button")}</span>
        {withKeys && (
          <kbd aria-hidden className="font-sans text-xs">
            {isApple ? "⌘K" : "Ctrl K"}
          </kbd>
        )}
      </button>
    </div>
  )
}

const onApple = () => /mac|iphone|ipad/i.test(navigator.platform)
