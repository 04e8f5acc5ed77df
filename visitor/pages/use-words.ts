import { createContext, use } from "react"
import { type Words, wordsIn } from "#visitor/language/words.ts"

export const WordsContext = createContext<Words>(wordsIn())

/** The words of the language this page is in. */
export const useWords = () => use(WordsContext)
