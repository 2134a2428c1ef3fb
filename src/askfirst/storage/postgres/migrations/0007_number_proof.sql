-- How it is known whose number it is; NULL in leaves of format 1, which did not say it.
ALTER TABLE event ADD COLUMN number_proof SMALLINT;
