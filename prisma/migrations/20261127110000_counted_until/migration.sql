-- AlterTable
ALTER TABLE "file" ADD COLUMN     "counted_until" TIMESTAMPTZ;
