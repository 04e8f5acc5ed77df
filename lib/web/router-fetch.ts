import "server-only"

/** Whether Next's router in a browser asks for data of a page that is open already, or runs an action of it. */
export function isRouterFetch(header: (name: string) => string | undefined, query: string) {
  return (
    header("rsc") !== undefined ||
    header("next-router-state-tree") !== undefined ||
    header("next-router-prefetch") !== undefined ||
    header("next-action") !== undefined ||
    /(^|&)_rsc=/.test(query)
  )
}
