/**
 * Encodes how a file is drawn as one letter: the first letter of its status, a capital if the file
 * has a thumbnail.
 */
export const letterOf = ({ status, hasThumbnail }: { status: string; hasThumbnail: boolean }) =>
  hasThumbnail ? status.charAt(0).toUpperCase() : status.charAt(0)
