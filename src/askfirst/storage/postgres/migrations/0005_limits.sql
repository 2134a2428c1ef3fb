-- Codes and answers are counted in one way, so in one table. What was counted so far is forgotten.
ALTER TABLE code_limit RENAME TO limit_use;
ALTER TABLE limit_use RENAME CONSTRAINT code_limit_pkey TO limit_use_pkey;
DROP TABLE limit_count;
