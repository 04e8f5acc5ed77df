-- CreateEnum
CREATE TYPE "device_state" AS ENUM ('waiting', 'approved', 'denied');

-- CreateTable
CREATE TABLE "device" (
    "hash" BYTEA NOT NULL,
    "user_code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT[],
    "address" TEXT NOT NULL,
    "state" "device_state" NOT NULL DEFAULT 'waiting',
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),
    "expires_at" TIMESTAMPTZ NOT NULL,
    "asked_at" TIMESTAMPTZ,

    CONSTRAINT "device_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "device_user_code_key" ON "device"("user_code");

-- CreateIndex
CREATE INDEX "device_expires_at_idx" ON "device"("expires_at");
