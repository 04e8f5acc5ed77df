-- AlterEnum
ALTER TYPE "file_status" ADD VALUE 'checking';
ALTER TYPE "file_status" ADD VALUE 'held';

-- AlterEnum
ALTER TYPE "object_state" ADD VALUE 'arrived';

-- AlterTable
ALTER TABLE "file" ADD COLUMN     "held_for" TEXT,
ADD COLUMN     "scan_problem" TEXT,
ADD COLUMN     "unchecked_since" TIMESTAMPTZ;

-- CreateIndex
CREATE INDEX "file_unchecked_idx" ON "file"("unchecked_since", "id") WHERE (unchecked_since IS NOT NULL);
