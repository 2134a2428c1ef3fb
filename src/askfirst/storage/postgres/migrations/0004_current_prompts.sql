-- Words that askfirst itself wrote, and whose question was not published anew since: what a tap on
-- a button can say yes to. What a business claims was shown is none of them. Takes the place of the
-- list of the retired; of words from before nobody knows, so their late taps mean no yes.
CREATE TABLE current_prompt (
  business_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (business_id, hash)
);

DROP TABLE retired_prompt;
