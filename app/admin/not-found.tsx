import { NothingHere } from "#components/nothing-here.tsx"

export default function NotFound() {
  return (
    <div className="py-10">
      <NothingHere home="/admin" />
    </div>
  )
}
