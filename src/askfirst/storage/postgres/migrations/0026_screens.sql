-- Lists that are screened: `sealed` holds what was asked, and what came of it.
CREATE TABLE screen_job (
  business_id TEXT NOT NULL,
  screen_id TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, screen_id)
);

-- What a screening keeps, in parts: the list, which goes once it is screened, and a file for each answer. Each
-- attempt has files of its own; 0 is the list.
CREATE TABLE screen_part (
  business_id TEXT NOT NULL,
  screen_id TEXT COLLATE "C" NOT NULL,
  attempt BIGINT NOT NULL,
  answer TEXT COLLATE "C" NOT NULL,
  part BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, screen_id, attempt, answer, part)
);
