-- Lists that the study signs: windows of planned response assessments (days after the first cells), responses from best to
-- worst, the toxicities whose episodes are told, expected adverse events that are no DLT, and the doses of levels.
CREATE TABLE assessment_window (VISIT VARCHAR, LOW INTEGER, HIGH INTEGER);
CREATE TABLE best_first (RESPONSE VARCHAR, PLACE INTEGER);
CREATE TABLE allowable (TERM VARCHAR, MAX_GRADE DOUBLE, MAX_DAYS DOUBLE);
CREATE TABLE level_dose (LEVEL VARCHAR, DOSE DOUBLE);
CREATE TABLE toxicity (NAME VARCHAR, TERM VARCHAR, before_newtx BOOLEAN, partial_start VARCHAR);
