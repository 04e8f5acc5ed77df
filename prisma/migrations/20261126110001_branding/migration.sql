-- CreateTable
CREATE TABLE "branding" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "name" TEXT,
    "accent" TEXT,
    "logo" BYTEA,
    "logo_type" TEXT,
    "logo_hash" TEXT,
    "imprint_url" TEXT,
    "privacy_url" TEXT,
    "note" TEXT,

    CONSTRAINT "branding_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "branding" ADD CONSTRAINT "branding_one_row" CHECK ("id" = 1);
