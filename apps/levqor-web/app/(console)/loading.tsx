import { SkeletonRows } from '../../src/ui/skeleton.tsx'

export default function Loading() {
  return <SkeletonRows className="pt-24" />
}
