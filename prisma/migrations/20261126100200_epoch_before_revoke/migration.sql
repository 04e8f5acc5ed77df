-- AlterTable
ALTER TABLE "share" ADD COLUMN     "epoch_before_revoke" INTEGER;
