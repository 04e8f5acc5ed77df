/** Returns the address of an owner's page: that of a team is below `/t/{slug}`. */
export const ownerPath = (team: string | null, path: string): string =>
  team === null ? path : `/t/${team}${path}`

/** Returns the slug of the team whose page has this path; null for a person's own page. */
export const teamOf = (path: string): string | null =>
  /^\/t\/([a-z0-9-]+)(?=[/?#]|$)/.exec(path)?.[1] ?? null
