import { ChevronRight } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Fragment } from "react"
import { listAddress } from "#lib/web/list-address.ts"

/** The folders above the current one as a breadcrumb of links. */
export function FolderPath({ home, path }: { home: string; path: string }) {
  const t = useTranslations("member.folders")
  const names = path.split("/")
  return (
    <nav aria-label={t("path")} className="mb-3 flex flex-wrap items-center gap-1 text-[0.9375rem]">
      <Link href={home} prefetch={false} className="rounded-md py-1 text-soft hover:text-ink">
        {t("all")}
      </Link>
      {names.map((name, at) => {
        const here = names.slice(0, at + 1).join("/")
        return (
          <Fragment key={here}>
            <ChevronRight aria-hidden size={14} className="shrink-0 text-soft rtl:-scale-x-100" />
            {at === names.length - 1 ? (
              <span aria-current="page" className="font-medium wrap-anywhere">
                <bdi>{name}</bdi>
              </span>
            ) : (
              <Link
                href={listAddress(home, { path: here })}
                prefetch={false}
                className="rounded-md py-1 text-soft wrap-anywhere hover:text-ink"
              >
                <bdi>{name}</bdi>
              </Link>
            )}
          </Fragment>
        )
      })}
    </nav>
  )
}
