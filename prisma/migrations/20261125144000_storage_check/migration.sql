-- AlterTable
ALTER TABLE "installation" ADD COLUMN     "storage_checked" JSONB,
ADD COLUMN     "storage_checking_until" TIMESTAMPTZ;
