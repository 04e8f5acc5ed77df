-- AlterTable
ALTER TABLE "mail" ADD COLUMN     "language" TEXT;
