-- AlterTable
ALTER TABLE "file" ADD COLUMN     "told_owner_ids" UUID[] DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "told_until" TIMESTAMPTZ;
