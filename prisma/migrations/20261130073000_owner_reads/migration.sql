-- AlterTable
ALTER TABLE "object" ADD COLUMN     "read_until" TIMESTAMPTZ;
