import "server-only"

// Each join looks up the results of the previous one. OFFSET 0 prevents the planner from using any
// other order. Without statistics, as in a new installation, it would start from the file and read
// every share that contains it.

/** Finds the link l of a request row a by its public id, and the link's share s. */
export const LINK = {
  from: `link l
  CROSS JOIN LATERAL (SELECT * FROM share WHERE share.id = l.share_id OFFSET 0) AS s`,
  where: "l.public_id = a.public_id",
}

const heldBy = (shareId: string, more: string) => `(SELECT * FROM share_file
    WHERE share_file.share_id = ${shareId} AND share_file.removed_at IS NULL ${more}) AS sf`

const FILE = "(SELECT * FROM file WHERE file.id = sf.file_id OFFSET 0) AS f"

/** Joins the files f of a share by rows sf of share_file: all of them, or at most `most`. */
export const sharedFiles = (shareId: string, most?: number) => `
  CROSS JOIN LATERAL ${heldBy(shareId, most ? `LIMIT ${most}` : "OFFSET 0")}
  CROSS JOIN LATERAL ${FILE}`

/** Joins the files f that a share has or had, by rows sf of share_file. */
export const everSharedFiles = (shareId: string) => `
  CROSS JOIN LATERAL (SELECT * FROM share_file WHERE share_file.share_id = ${shareId} OFFSET 0) AS sf
  CROSS JOIN LATERAL ${FILE}`

/** Joins a file f of a share by its id; its columns are null if the share does not contain it. */
export const sharedFile = (shareId: string, fileId: string) => `
  LEFT JOIN LATERAL ${heldBy(shareId, `AND share_file.file_id = ${fileId} OFFSET 0`)} ON true
  LEFT JOIN LATERAL ${FILE} ON true`

/** Joins the object o with this key, if it has the bytes now. */
export const liveObject = (key: string) => `
  LEFT JOIN LATERAL (SELECT * FROM object
    WHERE object.key = ${key} AND object.state = 'live' OFFSET 0) AS o ON true`
