-- AlterTable
ALTER TABLE "member" ADD COLUMN     "language" TEXT;
