-- AlterTable
ALTER TABLE "invite" ADD COLUMN     "name" TEXT;
