/** The name of the build that this code is a part of: a hash of the sources, "development" without. */
// biome-ignore lint/style/noProcessEnv: the build writes the name here (next.config.mjs)
export const THIS_BUILD: string = process.env.LAPSE_BUILD ?? "development"
