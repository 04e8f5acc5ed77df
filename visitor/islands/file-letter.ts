/**
 * One letter that stands for how a file is drawn: the first of its status, a capital with a
 * thumbnail.
 */
export const letterOf = ({ status, hasThumbnail }: { status: string; hasThumbnail: boolean }) =>
  hasThumbnail ? status.charAt(0).toUpperCase() : status.charAt(0)
