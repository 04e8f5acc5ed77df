-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "network" TEXT;
