/** The cookie by which the page of files remembers how it lists them: "rows" or "tiles". */
export const LOOK_COOKIE = "lapse_files"
