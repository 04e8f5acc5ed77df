/** The window widths of stories that run at several: a phone, and in `test:heavy` a desktop too. */
export const WIDTHS = process.env.HEAVY ? [390, 1280] : [390]
