/** The header of a call that names the team for which it is made, by its slug. */
export const TEAM_HEADER = "Lapse-Team"
/** The same in the address of a GET that a browser sends by itself, as for a picture. */
export const TEAM_QUERY = "team"

type Path = `/${string}`

/**
 * Returns the address of an owner's page, which for a team is below `/t/{slug}`. Admins' pages have
 * no owner.
 */
export const ownerPath = (team: string | null, path: Path): Path =>
  team === null || /^\/admin(?=[/?#]|$)/.test(path) ? path : `/t/${team}${path}`

/** Makes the addresses of the pages of the owner for whom this member acts. */
export const pathsOf =
  ({ team }: { team: { slug: string } | null }) =>
  (path: Path): Path =>
    ownerPath(team?.slug ?? null, path)

/** Returns the slug of the team whose page has this path; null for a person's own page. */
export const teamOf = (path: string): string | null =>
  /^\/t\/([a-z0-9-]+)(?=[/?#]|$)/.exec(path)?.[1] ?? null

/** The header of a call for a team; none for a person's own. */
export const teamHeader = (team: string | null): Record<string, string> =>
  team === null ? {} : { [TEAM_HEADER]: team }

/** Returns the URL of a GET for an owner that a browser sends by itself. */
export function ownerUrl(team: string | null, url: string): string {
  if (team === null) return url
  return `${url}${url.includes("?") ? "&" : "?"}${TEAM_QUERY}=${team}`
}
