-- AlterTable
ALTER TABLE "member" ADD COLUMN     "transfer_to" UUID;
