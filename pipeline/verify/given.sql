-- Lists that the study signs: windows of planned response assessments (days after the first cells), responses from best to
-- worst, and the toxicities whose episodes are told.
CREATE TABLE assessment_window (VISIT VARCHAR, LOW INTEGER, HIGH INTEGER);
CREATE TABLE best_first (RESPONSE VARCHAR, PLACE INTEGER);
CREATE TABLE toxicity (NAME VARCHAR, TERM VARCHAR, before_newtx BOOLEAN, partial_start VARCHAR);
