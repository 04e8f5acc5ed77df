export { default, generateMetadata } from "#app/(member)/files/page.tsx"
