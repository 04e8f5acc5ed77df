-- AlterTable
ALTER TABLE "bulk_change" ADD COLUMN     "reach" JSONB;
