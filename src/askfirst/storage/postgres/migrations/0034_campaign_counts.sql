-- Decisions under each label by verdict and reasons, and on how many contacts, up to the id in campaign_counting.
CREATE TABLE campaign_count (
  business_id TEXT NOT NULL,
  campaign TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL,
  decisions BIGINT NOT NULL,
  people BIGINT NOT NULL,
  PRIMARY KEY (business_id, campaign, verdict, reasons)
);

CREATE TABLE campaign_counting (
  business_id TEXT NOT NULL,
  through TEXT NOT NULL,
  PRIMARY KEY (business_id)
);
