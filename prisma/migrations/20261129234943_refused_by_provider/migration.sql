-- AlterTable
ALTER TABLE "failed_sign_in" ADD COLUMN     "refused" JSONB;
