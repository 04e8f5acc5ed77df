/** Of windows in which a story is told: of a phone, and of a desk where all is run. */
export const WIDTHS = process.env.HEAVY ? [390, 1280] : [390]
