/** The cookie by which the script of a view-only link's page says that it runs. */
export const SCRIPT_COOKIE = "lapse-script"
