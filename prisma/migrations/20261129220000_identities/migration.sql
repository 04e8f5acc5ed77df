-- AlterTable
ALTER TABLE "session" ADD COLUMN     "id_token" TEXT,
ADD COLUMN     "issuer" TEXT,
ADD COLUMN     "sid" TEXT,
ADD COLUMN     "subject" TEXT;

-- CreateTable
CREATE TABLE "identity" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "member_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),

    CONSTRAINT "identity_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateTable
CREATE TABLE "logout_token" (
    "issuer" TEXT NOT NULL,
    "jti" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ NOT NULL DEFAULT statement_timestamp(),

    CONSTRAINT "logout_token_pkey" PRIMARY KEY ("issuer","jti")
);

-- CreateIndex
CREATE INDEX "session_identity_idx" ON "session"("issuer", "subject") WHERE (issuer IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "identity_member_id_issuer_key" ON "identity"("member_id", "issuer");

-- AddForeignKey
ALTER TABLE "identity" ADD CONSTRAINT "identity_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;
