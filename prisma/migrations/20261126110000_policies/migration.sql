-- CreateTable
CREATE TABLE "policy" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "changed_by_id" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),

    CONSTRAINT "policy_pkey" PRIMARY KEY ("name")
);
