type Drawn = { status: string; isPaused?: boolean; hasThumbnail: boolean }

/**
 * Encodes how a file is drawn as one letter: "p" for a paused upload, else the first letter of its
 * status; a capital if the file has a thumbnail.
 */
export function letterOf({ status, isPaused, hasThumbnail }: Drawn) {
  const letter = isPaused ? "p" : status.charAt(0)
  return hasThumbnail ? letter.toUpperCase() : letter
}
