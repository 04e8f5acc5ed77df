import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { Pager, type PagerProps } from "#components/ui/tables/pager.tsx"
import { listAddress } from "#lib/web/list-address.ts"
import { type Filter, ListSearch } from "./list-search.tsx"
import { type ListTab, ListTabs } from "./list-tabs.tsx"
import { PickButton, Picking } from "./picking.tsx"
import type { SortSelectProps } from "./sort-select.tsx"

type ListPageProps = {
  path: string
  /** The parameters of the list in its address, without the cursor. */
  query: Partial<Record<string, string | null | undefined>>
  cursor: PagerProps["at"]
  page: PagerProps["page"]
  title: string
  /** Content below the title. */
  lead?: ReactNode
  /** The name of its search box; undefined if members search only by Ctrl+K. */
  searchLabel?: string
  filter?: Filter
  sort?: SortSelectProps
  /** More controls beside the search. */
  tools?: ReactNode
  tabs?: ListTab[]
  /** Content beside the title. */
  beside?: ReactNode
  /**
   * A line above the tabs, on a wide screen beside them, on a phone beside the tools. The list has
   * content beside its title.
   */
  news?: ReactNode
  /** Content above the list. */
  notices?: ReactNode
  /** Whether the list uses the whole width of the window. */
  wide?: boolean
  /** The list, or its empty state. */
  children: ReactNode
}

/** A page with a list: its search, sort order and tabs, and links to its other pages. */
export function ListPage(props: ListPageProps) {
  const { path, query, cursor, page, title, lead, searchLabel, filter, sort, tools, tabs } = props
  const { beside, news, notices, wide = false, children } = props
  const t = useTranslations("member.lists")
  const { q, sort: _, limit: __, ...kept } = query
  const search = (searchLabel !== undefined || sort) && (
    <div
      className={classNames(
        "flex gap-1",
        searchLabel !== undefined && "max-sm:w-full",
        Boolean(tools) && !beside && "gap-2! sm:flex-wrap",
      )}
    >
      <ListSearch
        path={path}
        label={searchLabel}
        q={q ?? ""}
        keep={kept}
        filter={filter}
        sort={sort}
      />
      {tools}
      <PickButton />
    </div>
  )
  return (
    <Picking>
      <div data-wide={wide || undefined} className="group/list">
        <div className="mb-3 flex flex-wrap items-start justify-between gap-x-8 gap-y-3 lg:mb-3.5">
          <div>
            <h1 className="text-title">{title}</h1>
            {lead}
          </div>
          {beside}
          {!beside && search}
        </div>
        {notices}
        {beside
          ? (tabs || search) && (
              <div
                className={classNames(
                  "mb-1 flex items-center justify-between gap-x-3 border-b border-line sm:gap-x-6",
                  Boolean(news) && "max-xl:flex-wrap",
                  Boolean(tools) && "max-sm:flex-wrap-reverse",
                )}
              >
                {news && (
                  <div
                    className={classNames(
                      "xl:order-1 xl:ms-auto xl:min-w-0",
                      tools
                        ? "max-sm:min-w-0 max-sm:grow max-sm:basis-0 sm:max-xl:basis-full"
                        : "max-xl:basis-full",
                    )}
                  >
                    {news}
                  </div>
                )}
                {tabs && (
                  <ListTabs
                    label={t("tabsLabel")}
                    tabs={tabs}
                    className={classNames(
                      "-mb-px min-w-0 max-xl:flex-1 lg:[&>a]:min-h-9",
                      tools ? "max-xl:basis-0 max-sm:-order-1 max-sm:basis-full" : "max-xl:basis-0",
                    )}
                  />
                )}
                <div className="ms-auto xl:order-2">{search}</div>
              </div>
            )
          : tabs && <ListTabs label={t("tabsLabel")} tabs={tabs} />}
        <div className="transition-opacity group-has-[[aria-busy=true]]/list:opacity-50">
          {children}
          <Pager
            at={cursor}
            page={page}
            href={(at) => listAddress(path, { ...query, cursor: at })}
          />
        </div>
      </div>
    </Picking>
  )
}
