import "server-only"

/** Whether Next's router in the browser fetches data for an open page. */
export function isRouterFetch(header: (name: string) => string | undefined, query: string) {
  return (
    header("rsc") !== undefined ||
    header("next-router-state-tree") !== undefined ||
    header("next-router-prefetch") !== undefined ||
    /(^|&)_rsc=/.test(query)
  )
}
