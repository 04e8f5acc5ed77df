import { createContext, use } from "react"
import { type Words, wordsIn } from "#visitor/language/page-words.ts"

export const WordsContext = createContext<Words>(wordsIn())

/** The translations in the page's language. */
export const useWords = () => use(WordsContext)
