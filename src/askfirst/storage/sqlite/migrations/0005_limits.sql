-- Codes and answers are counted in one way, so in one table. What was counted so far is forgotten.
ALTER TABLE code_limit RENAME TO limit_use;
DROP TABLE limit_count;
